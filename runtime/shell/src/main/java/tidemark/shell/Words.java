package tidemark.shell;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.SyntaxError;

/** The words of a line for the line editor, as Gogo parses them. Quotes what is completed; Gogo's own way of doing that fails at the first blank. */
final class Words implements Parser {
    private static final String SPECIAL = " \t\"'\\$%(){}[]|;&<>#*?`~";
    private final Parser gogo = new org.apache.felix.gogo.jline.Parser();

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        try {
            return gogo.parse(line, cursor, context) instanceof CompletingParsedLine words ? new Quoting(words) : null;
        } catch (SyntaxError e) {
            throw e;
        } catch (RuntimeException e) {
            throw new SyntaxError(-1, -1, String.valueOf(e.getMessage()));
        }
    }

    private record Quoting(CompletingParsedLine parsed) implements CompletingParsedLine {
        @Override
        public String word() {
            return parsed.word();
        }

        @Override
        public List<String> words() {
            return parsed.words();
        }

        @Override
        public int wordCursor() {
            return parsed.wordCursor();
        }

        @Override
        public int wordIndex() {
            return parsed.wordIndex();
        }

        @Override
        public String line() {
            return parsed.line();
        }

        @Override
        public int cursor() {
            return parsed.cursor();
        }

        @Override
        public int rawWordCursor() {
            return parsed.rawWordCursor();
        }

        @Override
        public int rawWordLength() {
            return parsed.rawWordLength();
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return quoted(candidate, quote(), complete);
        }

        /** The quote that the word begins with, or 0. */
        private char quote() {
            int begin = cursor() - rawWordCursor();
            char first = rawWordLength() > 0 && begin >= 0 && begin < line().length() ? line().charAt(begin) : 0;
            return first == '\'' || first == '"' ? first : 0;
        }
    }

    /**
     * The word between quotes if it needs them.
     *
     * @param quote the quote that it begins with, or 0
     * @param complete whether it ends here
     */
    static String quoted(CharSequence candidate, char quote, boolean complete) {
        String word = candidate.toString();
        if (quote == 0 && word.chars().noneMatch(c -> SPECIAL.indexOf(c) >= 0)) {
            return word;
        }
        char used = quote == '"' || word.indexOf('\'') >= 0 ? '"' : '\'';
        return used + (used == '"' ? word.replaceAll("[\"\\\\$%]", "\\\\$0") : word) + (complete ? String.valueOf(used) : "");
    }
}
