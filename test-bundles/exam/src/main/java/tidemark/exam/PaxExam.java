package tidemark.exam;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.CoreOptions;
import org.ops4j.pax.exam.ExamSystem;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.TestAddress;
import org.ops4j.pax.exam.TestContainer;
import org.ops4j.pax.exam.TestContainerException;
import org.ops4j.pax.exam.TestProbeBuilder;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import tidemark.exam.inside.InContainer;

/** Jupiter extension: one framework per test class, made of the options that its static {@code @Configuration} method returns; every {@code @Test} method runs inside it. */
public final class PaxExam implements BeforeAllCallback, AfterAllCallback, InvocationInterceptor, ParameterResolver {
    private final Map<String, TestAddress> addresses = new HashMap<>();
    private ExamSystem system;
    private TestContainer container;

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Class<?> test = context.getRequiredTestClass();
        system = PaxExamRuntime.createTestSystem(options(test));
        container = PaxExamRuntime.createContainer(system);
        container.start();
        TestProbeBuilder probe = system.createProbe();
        probe.addTest(test);
        for (Method method : test.getMethods()) {
            if (method.isAnnotationPresent(Test.class)) {
                addresses.put(method.getName(), probe.addTest(InContainer.class, "run", test.getName(), method.getName()));
            }
        }
        container.installProbe(probe.build().getStream());
    }

    private static Option[] options(Class<?> test) throws ReflectiveOperationException {
        List<Option> options = new ArrayList<>();
        // the framework shares this JVM: else bundles could see the test's class path
        options.add(CoreOptions.frameworkProperty("felix.bootdelegation.implicit").value("false"));
        for (Method method : test.getDeclaredMethods()) {
            if (method.isAnnotationPresent(Configuration.class)) {
                options.addAll(List.of((Option[]) method.invoke(null)));
            }
        }
        return options.toArray(Option[]::new);
    }

    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        invocation.skip();
        try {
            container.call(addresses.get(method.getExecutable().getName()));
        } catch (TestContainerException e) {
            Throwable cause = e;
            while ((cause instanceof TestContainerException || cause instanceof InvocationTargetException) && cause.getCause() != null) {
                cause = cause.getCause();
            }
            // the framework's JUnit classes are others than ours
            throw new AssertionError(cause instanceof AssertionError ? cause.getMessage() : cause.toString(), cause);
        }
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        invocation.skip();
    }

    @Override
    public void interceptAfterEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        invocation.skip();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getDeclaringExecutable() instanceof Method;
    }

    /** None here: the driver inside the framework supplies the real ones. */
    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return null;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (container != null) {
            container.stop();
        }
        if (system != null) {
            system.clear();
        }
    }
}
