package tidemark.shell;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tidemark.api.shell.CommandError;

/** Sizes of memory and disks, which come in powers of two: {@code 64M} is 64 MiB. */
final class Sizes {
    private static final String UNITS = "KMGT";
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})(?:([KMGT])(?:iB)?|B)?", Pattern.CASE_INSENSITIVE);

    private Sizes() {}

    /**
     * @param what is given, for the error
     * @param unit of a number without one: a letter, or empty for bytes
     * @return bytes
     */
    static long bytes(String what, String text, String unit) throws CommandError {
        Matcher size = SIZE.matcher(text.strip());
        if (size.matches()) {
            boolean bare = text.strip().matches("\\d+");
            String letter = bare ? unit : size.group(2) == null ? "" : size.group(2);
            int shift = letter.isEmpty() ? 0 : 10 * (1 + UNITS.indexOf(Character.toUpperCase(letter.charAt(0))));
            long number = Long.parseLong(size.group(1));
            if (number <= Long.MAX_VALUE >> shift) {
                return number << shift;
            }
        }
        throw new CommandError(what + " '" + text + "' is no size; write it as 64M or 1G");
    }

    /** In the largest unit that makes it a whole number. */
    static String text(long bytes) {
        int unit = 0;
        long number = bytes;
        while (number != 0 && number % 1024 == 0 && unit < UNITS.length()) {
            number /= 1024;
            unit++;
        }
        return number + (unit == 0 ? " B" : " " + UNITS.charAt(unit - 1) + "iB");
    }
}
