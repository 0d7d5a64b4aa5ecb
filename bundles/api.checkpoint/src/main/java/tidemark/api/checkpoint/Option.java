package tidemark.api.checkpoint;

import java.util.List;

/**
 * An option of a protocol, copy strategy or stop condition: a whole number, or one of some words. The platform checks its value when a checkpoint is
 * requested, before anything is touched.
 *
 * @param name with its unit: {@code downtimeLimitMs}
 * @param absent the default; of words, the place in {@code words}, from 0
 * @param least the smallest value that is allowed
 * @param most the largest
 * @param words what may be given instead of a number; empty for a number
 */
public record Option(String name, long absent, long least, long most, String description, List<String> words) {
    public Option {
        words = List.copyOf(words);
    }

    /** A number. */
    public Option(String name, long absent, long least, long most, String description) {
        this(name, absent, least, most, description, List.of());
    }

    /** A number without an upper limit. */
    public Option(String name, long absent, long least, String description) {
        this(name, absent, least, Long.MAX_VALUE, description);
    }

    /** One of {@code words}; the first is the default, and its value is 0. */
    public static Option oneOf(String name, List<String> words, String description) {
        return new Option(name, 0, 0, words.size() - 1, description, words);
    }

    /** The values that are allowed, in words: {@code 1 to 256}, {@code 0 or more}, {@code stop or cancel}. */
    public String allowed() {
        if (!words.isEmpty()) {
            return String.join(" or ", words);
        }
        return most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
    }

    /** A value as it is given: a number or a word. */
    public String text(long value) {
        return words.isEmpty() ? Long.toString(value) : words.get((int) value);
    }
}
