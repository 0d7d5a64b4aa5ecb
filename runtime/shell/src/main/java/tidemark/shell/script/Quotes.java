package tidemark.shell.script;

import org.apache.felix.gogo.runtime.Token;

/** Apostrophes between double quotes: Gogo's expander takes them for quotes of their own. */
final class Quotes {
    private Quotes() {}

    /** The same word with such apostrophes outside of the double quotes. */
    static Token apart(Token token) {
        String word = token.toString();
        return word.indexOf('"') < 0 || word.indexOf('\'') < 0 ? token : new Token(apart(word));
    }

    static String apart(String word) {
        StringBuilder out = new StringBuilder();
        boolean single = false;
        boolean twice = false;
        int nested = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c == '\\' && !single && i + 1 < word.length()) {
                out.append(c).append(word.charAt(++i));
                continue;
            }
            if (twice && c == '$' && i + 1 < word.length() && "({".indexOf(word.charAt(i + 1)) >= 0 || nested > 0 && "({".indexOf(c) >= 0) {
                nested += c == '$' ? 0 : 1;
                out.append(c);
                if (c == '$') {
                    nested++;
                    out.append(word.charAt(++i));
                }
                continue;
            }
            if (nested > 0) {
                nested -= c == ')' || c == '}' ? 1 : 0;
            } else if (c == '"' && !single) {
                twice = !twice;
            } else if (c == '\'' && twice) {
                out.append("\"\\'\"");
                continue;
            } else if (c == '\'') {
                single = !single;
            }
            out.append(c);
        }
        return out.toString();
    }
}
