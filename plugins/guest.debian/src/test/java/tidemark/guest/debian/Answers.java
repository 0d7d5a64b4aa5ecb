package tidemark.guest.debian;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Interfaces of which a test needs a few methods. */
final class Answers {
    private Answers() {}

    /** @param answers has those methods of the interface that will be called, and is public */
    static <T> T of(Class<T> type, Object answers) {
        InvocationHandler handler = (_, method, arguments) -> {
            try {
                return answers.getClass().getMethod(method.getName(), method.getParameterTypes()).invoke(answers, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
