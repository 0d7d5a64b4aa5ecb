package tidemark.differential;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Where two machines left different values in a stream's region, as text: the trap log first, because it is in order of time. */
final class Difference {
    private static final String[] LOG_FIELDS = {"cause", "epc", "tval", "status"};
    private static final int MOST_LINES = 16;

    private final ByteBuffer expected;
    private final ByteBuffer actual;
    private final List<String> lines = new ArrayList<>();
    private long firstTrap = -1;

    private Difference(ByteBuffer expected, ByteBuffer actual) {
        this.expected = expected;
        this.actual = actual;
    }

    /** @return null if the regions of number {@code index} are equal */
    static Difference between(byte[] expected, byte[] actual, int index) {
        int offset = (int) (Region.address(index) - Region.RAM);
        if (Arrays.equals(expected, offset, offset + Region.SIZE, actual, offset, offset + Region.SIZE)) {
            return null;
        }
        Difference difference = new Difference(slice(expected, offset), slice(actual, offset));
        difference.find();
        return difference;
    }

    private static ByteBuffer slice(byte[] ram, int offset) {
        return ByteBuffer.wrap(ram, offset, Region.SIZE).slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    private void find() {
        if (expected.getLong(Region.FINISHED) != actual.getLong(Region.FINISHED)) {
            lines.add("did not come to its end");
        }
        for (int at = Region.LOG; at < Region.SCRATCH && firstTrap < 0; at += Region.LOG_ENTRY) {
            if (!expected.slice(at, Region.LOG_ENTRY).equals(actual.slice(at, Region.LOG_ENTRY))) {
                trap(at);
            }
        }
        compare(Region.FINAL_X, Region.SCRATCH);
        compare(Region.SCRATCH, Region.SIZE);
        compare(0, Region.INITIAL_X);
    }

    private void trap(int at) {
        firstTrap = (at - Region.LOG) / Region.LOG_ENTRY;
        for (int i = 0; i < 4; i++) {
            line("trap " + firstTrap + " " + LOG_FIELDS[i], at + 8 * i);
        }
    }

    private void compare(int from, int to) {
        for (int at = from; at < to; at += 8) {
            if (expected.getLong(at) != actual.getLong(at) && (at < Region.LOG || at >= Region.SCRATCH)) {
                line(name(at), at);
            }
        }
    }

    private void line(String name, int at) {
        lines.add("%-14s expected %016x, was %016x".formatted(name, expected.getLong(at), actual.getLong(at)));
    }

    private static String name(int at) {
        int index = at >>> 3;
        if (at >= Region.FINAL_X && at < Region.FINAL_F) {
            return "x" + (index - (Region.FINAL_X >>> 3));
        } else if (at >= Region.FINAL_F && at < Region.FINAL_CSR) {
            return "f" + (index - (Region.FINAL_F >>> 3));
        } else if (at >= Region.FINAL_CSR && at < Region.FINAL_CSR + 8 * Region.FINAL_CSRS.length) {
            return Region.FINAL_CSR_NAMES[index - (Region.FINAL_CSR >>> 3)];
        }
        return (at < Region.SCRATCH ? "cell" : at < Region.ROOT_TABLE ? "scratch" : at < Region.DATA_PAGES ? "page table"
                : at < Region.STUB_PAGE ? "data" : "code")
                + " +" + Integer.toHexString(at);
    }

    @Override
    public String toString() {
        String text = String.join("\n", lines.subList(0, Math.min(lines.size(), MOST_LINES)));
        return lines.size() > MOST_LINES ? text + "\n... and " + (lines.size() - MOST_LINES) + " more" : text;
    }
}
