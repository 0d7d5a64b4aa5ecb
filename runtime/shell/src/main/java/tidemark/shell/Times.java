package tidemark.shell;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.api.shell.CommandError;

/** Lengths of time as people write them: {@code 50ms}, {@code 2s}, {@code 5min}. */
final class Times {
    private static final Pattern TIME = Pattern.compile("(\\d{1,9})(ms|s|min|h)");

    private Times() {}

    /** @param what is given, for the error */
    static Duration duration(String what, String text) throws CommandError {
        Matcher time = TIME.matcher(text.strip());
        if (!time.matches()) {
            throw new CommandError(what + " '" + text + "' is no length of time; write it as 50ms, 2s, 5min or 1h");
        }
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "min" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
