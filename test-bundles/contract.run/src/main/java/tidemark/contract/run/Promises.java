package tidemark.contract.run;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/** What a suite holds a part to. */
final class Promises {
    private Promises() {}

    /** In words, sorted. */
    static List<String> of(Class<?> suite) {
        return ReflectionSupport.findMethods(suite, Promises::isTest, HierarchyTraversalMode.TOP_DOWN).stream().map(Method::getName)
                .map(Examination::inWords).sorted().toList();
    }

    private static boolean isTest(Method method) {
        return AnnotationSupport.isAnnotated(method, Testable.class);
    }
}
