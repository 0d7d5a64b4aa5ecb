package tidemark.contract.run;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.engine.JupiterTestEngine;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import tidemark.contract.WhenBroken;

/** Has JUnit run the suites of a part's kind, and puts together how each promise was kept. */
final class Examination implements TestExecutionListener {
    private static final Set<String> ACRONYMS = Set.of("ram", "pmp", "csr", "wfi", "tlb", "ecall", "sret", "mret", "pte", "lr", "sc");

    private final Consumer<String> beginning;
    private final Consumer<Verdict> verdicts;
    private final HostLoad load;
    private final List<Verdict.Broken> broken = new ArrayList<>();
    private TestPlan plan;
    private int cases;
    private int skipped;
    private long began;
    private DoubleSupplier others = () -> Double.NaN;

    /**
     * @param beginning is told of each promise and case that is tried
     * @param verdicts takes what comes of it
     */
    private Examination(HostLoad load, Consumer<String> beginning, Consumer<Verdict> verdicts) {
        this.load = load;
        this.beginning = beginning;
        this.verdicts = verdicts;
    }

    /**
     * Runs on the calling thread.
     *
     * @param only promises that contain these words; all if empty
     */
    static void of(Subject subject, List<Class<?>> suites, String only, HostLoad load, Consumer<String> beginning,
            Consumer<Verdict> verdicts) {
        LauncherConfig config = LauncherConfig.builder().enableTestEngineAutoRegistration(false).enableLauncherSessionListenerAutoRegistration(false)
                .enableLauncherDiscoveryListenerAutoRegistration(false).enablePostDiscoveryFilterAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false).addTestEngines(new JupiterTestEngine()).build();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(suites.stream().map(suite -> selectClass(suite)).toList())
                .filters((PostDiscoveryFilter) test -> FilterResult.includedIf(isChosen(test, only))).build();
        Thread thread = Thread.currentThread();
        ClassLoader former = thread.getContextClassLoader();
        // JUnit looks for classes through it
        thread.setContextClassLoader(Examination.class.getClassLoader());
        try {
            subject.during(() -> LauncherFactory.create(config).execute(request, new Examination(load, beginning, verdicts)));
        } finally {
            thread.setContextClassLoader(former);
        }
    }

    private static boolean isChosen(TestDescriptor test, String only) {
        return test.getSource().filter(MethodSource.class::isInstance)
                .map(source -> inWords(((MethodSource) source).getMethodName()).toLowerCase(Locale.ROOT).contains(only.toLowerCase(Locale.ROOT))).orElse(true);
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionStarted(TestIdentifier identifier) {
        if (isPromise(identifier)) {
            began = System.nanoTime();
            others = load.watch();
        }
        if (identifier.isTest()) {
            beginning.accept(tried(identifier));
        }
    }

    @Override
    public void executionSkipped(TestIdentifier identifier, String reason) {
        skipped++;
    }

    @Override
    public void executionFinished(TestIdentifier identifier, TestExecutionResult result) {
        if (identifier.isTest() && result.getStatus() != TestExecutionResult.Status.ABORTED) {
            cases++;
        }
        switch (result.getStatus()) {
            case ABORTED -> skipped++;
            case FAILED -> broken.add(new Verdict.Broken(caseName(identifier), result.getThrowable().orElseThrow()));
            default -> { }
        }
        if (isPromise(identifier) || !broken.isEmpty() && !identifier.isTest()) {
            verdicts.accept(new Verdict(words(identifier), cases, List.copyOf(broken), skipped, Duration.ofNanos(System.nanoTime() - began),
                    hint(identifier), others.getAsDouble()));
            broken.clear();
            cases = 0;
            skipped = 0;
        }
    }

    /** Whether it is a method of a suite, not one of its cases. */
    private boolean isPromise(TestIdentifier identifier) {
        return plan.getParent(identifier).flatMap(TestIdentifier::getSource).filter(ClassSource.class::isInstance).isPresent();
    }

    private String tried(TestIdentifier identifier) {
        return isPromise(identifier) ? words(identifier) : plan.getParent(identifier).map(Examination::words).orElseThrow() + ": " + caseName(identifier);
    }

    private static String words(TestIdentifier identifier) {
        return identifier.getSource().filter(MethodSource.class::isInstance).map(source -> inWords(((MethodSource) source).getMethodName()))
                .orElse(identifier.getDisplayName());
    }

    private String caseName(TestIdentifier identifier) {
        return isPromise(identifier) ? "" : identifier.getDisplayName();
    }

    private static Optional<String> hint(TestIdentifier identifier) {
        return identifier.getSource().filter(MethodSource.class::isInstance).map(source -> ((MethodSource) source).getJavaMethod())
                .map(method -> method.getAnnotation(WhenBroken.class)).map(WhenBroken::value);
    }

    /** {@code aStoreIsFound} is {@code A store is found}. */
    static String inWords(String method) {
        StringBuilder words = new StringBuilder();
        for (String word : method.split("(?=\\p{Lu})")) {
            String lower = word.toLowerCase(Locale.ROOT);
            words.append(words.isEmpty() ? "" : " ").append(lower.equals("csrs") ? "CSRs" : ACRONYMS.contains(lower) ? lower.toUpperCase(Locale.ROOT) : lower);
        }
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
