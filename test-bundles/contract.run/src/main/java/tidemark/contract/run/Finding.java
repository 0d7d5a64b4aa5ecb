package tidemark.contract.run;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.ValueWrapper;

/** What the author of a part has to know of a case in which it broke its promise. */
final class Finding {
    private static final String CONTRACTS = "tidemark.contract.";
    private static final int MOST_CHARACTERS = 400;

    private final Subject subject;
    private final Throwable failure;

    Finding(Subject subject, Throwable failure) {
        this.subject = subject;
        this.failure = failure;
    }

    /** Headings and texts, in order. */
    Map<String, String> lines() {
        Map<String, String> lines = new LinkedHashMap<>();
        what().ifPresent(text -> lines.put("what", text));
        if (failure instanceof AssertionFailedError error && error.isExpectedDefined() && error.isActualDefined() && !isTruth(error)) {
            lines.put("expected", value(error.getExpected()));
            lines.put("found", value(error.getActual()));
        }
        thrown().flatMap(t -> Arrays.stream(t.getStackTrace())).filter(subject::owns).findFirst()
                .ifPresent(frame -> lines.put("in the part", frame.toString()));
        Arrays.stream(failure.getStackTrace()).filter(Finding::isOfContract).reduce((inner, outer) -> outer)
                .ifPresent(frame -> lines.put("in the suite", place(frame)));
        return lines;
    }

    /** What it has in common with others: all but numbers and names of files. */
    String kind() {
        return lines().toString().replaceAll("/\\S+|\\d+", "");
    }

    private static boolean isTruth(AssertionFailedError error) {
        return error.getExpected().getValue() instanceof Boolean;
    }

    private Optional<String> what() {
        String message = failure.getMessage();
        String text = failure instanceof AssertionFailedError && message != null ? message.replaceFirst("(?s)( ==> )?expected: .*", "") : message;
        return failure instanceof AssertionError ? Optional.ofNullable(text).filter(t -> !t.isBlank()).map(Finding::clipped)
                : Optional.of(clipped(failure.getClass().getSimpleName() + (text == null ? "" : ": " + text)));
    }

    /** What caused the failure and what happened beside it, the first cause first. */
    private Stream<Throwable> thrown() {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).flatMap(t -> Stream.concat(Stream.of(t), Arrays.stream(t.getSuppressed())))
                .toList().reversed().stream();
    }

    private static boolean isOfContract(StackTraceElement frame) {
        String type = frame.getClassName();
        return type.startsWith(CONTRACTS) && !type.startsWith(CONTRACTS + "run.") && !frame.getMethodName().matches("lambda.*|alone|each");
    }

    /** Where it is in the repository. */
    private static String place(StackTraceElement frame) {
        String home = frame.getClassName().replaceFirst("\\.\\w+(\\$.*)?$", "");
        return "test-bundles/" + home.replaceFirst("^tidemark\\.", "") + "/src/main/java/" + home.replace('.', '/') + "/" + frame.getFileName() + ":"
                + frame.getLineNumber();
    }

    private static String value(ValueWrapper value) {
        return clipped(value.getStringRepresentation());
    }

    private static String clipped(String text) {
        String line = text.strip().replaceAll("\\s*\\R\\s*", " ");
        return line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + " ..." : line;
    }
}
