package tidemark.shell.script;

/**
 * What a rewritten command is told of its place in the script; one word there.
 *
 * @param line where it stands, from 1
 * @param shown whether it shows its result instead of returning it
 * @param stage its number in a pipeline, from 1
 * @param stages how many the pipeline has; 1 if it stands alone
 */
record Header(int line, boolean shown, int stage, int stages) {
    static Header of(Object word) {
        String[] fields = word.toString().split(":", -1);
        return new Header(Integer.parseInt(fields[0]), Boolean.parseBoolean(fields[1]), Integer.parseInt(fields[2]), Integer.parseInt(fields[3]));
    }

    static Header alone(int line, boolean shown) {
        return new Header(line, shown, 1, 1);
    }

    boolean last() {
        return stage == stages;
    }

    @Override
    public String toString() {
        return line + ":" + shown + ":" + stage + ":" + stages;
    }
}
