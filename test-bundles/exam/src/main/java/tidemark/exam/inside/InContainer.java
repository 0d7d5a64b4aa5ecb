package tidemark.exam.inside;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/** Runs one test method inside the framework, with its class's {@code @BeforeEach} and {@code @AfterEach} methods. Parameters are the probe's BundleContext and services. */
public final class InContainer {
    private static final long SERVICE_TIMEOUT_MS = 10_000;

    public void run(BundleContext probe, String className, String methodName) throws Throwable {
        Class<?> test = probe.getBundle().loadClass(className);
        Object instance = test.getDeclaredConstructor().newInstance();
        try {
            invokeAnnotated(probe, instance, "org.junit.jupiter.api.BeforeEach");
            for (Method method : test.getMethods()) {
                if (method.getName().equals(methodName)) {
                    invoke(probe, instance, method);
                }
            }
        } finally {
            invokeAnnotated(probe, instance, "org.junit.jupiter.api.AfterEach");
        }
    }

    private static void invokeAnnotated(BundleContext probe, Object instance, String annotation) throws Throwable {
        for (Method method : instance.getClass().getMethods()) {
            if (Arrays.stream(method.getAnnotations()).anyMatch(a -> a.annotationType().getName().equals(annotation))) {
                invoke(probe, instance, method);
            }
        }
    }

    private static void invoke(BundleContext probe, Object instance, Method method) throws Throwable {
        Parameter[] parameters = method.getParameters();
        Object[] arguments = new Object[parameters.length];
        for (int i = 0; i < arguments.length; i++) {
            Class<?> type = parameters[i].getType();
            arguments[i] = type == BundleContext.class ? probe : service(probe, type);
        }
        try {
            method.invoke(instance, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Object service(BundleContext probe, Class<?> type) throws InterruptedException {
        ServiceTracker<Object, Object> tracker = new ServiceTracker<>(probe, type.getName(), null);
        tracker.open();
        Object service = tracker.waitForService(SERVICE_TIMEOUT_MS);
        if (service == null) {
            throw new AssertionError("No service " + type.getName() + " within " + SERVICE_TIMEOUT_MS + " ms");
        }
        return service;
    }
}
