package tidemark.api.shell;

import java.time.Duration;
import java.util.Locale;

/** Quantities for people: three significant digits, decimal units. */
public final class Units {
    private Units() {}

    public static String time(Duration d) {
        double seconds = d.toNanos() / 1e9;
        return seconds >= 120 ? String.format(Locale.ROOT, "%d min %02d s", d.toMinutes(), d.toSecondsPart())
                : seconds >= 1 ? digits(seconds) + " s" : seconds >= 1e-3 ? digits(seconds * 1e3) + " ms" : seconds == 0 ? "0"
                : digits(seconds * 1e6) + " us";
    }

    public static String bytes(double bytes) {
        return bytes >= 999.5e6 ? digits(bytes / 1e9) + " GB" : bytes >= 999.5e3 ? digits(bytes / 1e6) + " MB" : bytes >= 1000
                ? digits(bytes / 1e3) + " kB" : (long) bytes + " B";
    }

    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    public static String instructions(long count) {
        return count >= 1e9 ? digits(count / 1e9) + " G" : count >= 1e6 ? digits(count / 1e6) + " M" : count(count);
    }

    public static String percent(double percent) {
        return digits(percent) + " %";
    }

    /** Three significant digits, but no fewer than those before the point; a dash for NaN, which is not known. */
    public static String digits(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size >= 99.95 ? "%,.0f" : size >= 9.995 ? "%.1f" : "%.2f", value);
    }
}
