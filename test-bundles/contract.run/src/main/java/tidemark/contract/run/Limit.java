package tidemark.contract.run;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;
import tidemark.contract.OutOfTime;

/** Gives a part up that does not come to an end, and says where it stood. */
final class Limit implements InvocationInterceptor {
    @Override
    public void interceptTestMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        within(invocation);
    }

    @Override
    public void interceptTestTemplateMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        within(invocation);
    }

    @Override
    public void interceptDynamicTest(Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context) throws Throwable {
        within(invocation);
    }

    @Override
    public void interceptBeforeEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        within(invocation);
    }

    @Override
    public void interceptAfterEachMethod(Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context) throws Throwable {
        within(invocation);
    }

    private static void within(InvocationInterceptor.Invocation<Void> invocation) throws Throwable {
        Subject subject = Subject.current();
        if (subject.over() != null) {
            invocation.skip();
            throw new TestAbortedException(subject.over());
        }
        FutureTask<Throwable> trial = new FutureTask<>(() -> outcome(invocation));
        Thread thread = Thread.ofPlatform().daemon().name("contract").start(trial);
        try {
            Throwable failure = trial.get(subject.limit().toNanos(), TimeUnit.NANOSECONDS);
            if (failure != null) {
                throw failure;
            }
        } catch (ExecutionException e) {
            throw e.getCause();
        } catch (TimeoutException e) {
            throw stuck(subject, thread);
        } catch (InterruptedException e) {
            thread.interrupt();
            throw new TestAbortedException(String.valueOf(subject.over()));
        }
    }

    private static Throwable outcome(InvocationInterceptor.Invocation<Void> invocation) {
        try {
            invocation.proceed();
            return null;
        } catch (Throwable t) {
            return t;
        }
    }

    private static OutOfTime stuck(Subject subject, Thread thread) {
        OutOfTime error = new OutOfTime("It does not come to an end within " + subject.limit().toSeconds() + " s");
        error.setStackTrace(thread.getStackTrace());
        // the part may have threads of its own, or be on the platform's
        Thread.getAllStackTraces().values().stream().filter(stack -> Arrays.stream(stack).anyMatch(subject::owns)).findFirst().ifPresent(stack -> {
            AssertionError inPart = new AssertionError("the part stands here");
            inPart.setStackTrace(stack);
            error.addSuppressed(inPart);
        });
        thread.interrupt();
        subject.stuck();
        return error;
    }
}
