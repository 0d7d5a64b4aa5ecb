package tidemark.api.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Under which conditions the figures of a checkpoint were taken: whether guest and host were as they have to be for figures that mean
 * something. A rate is in million instructions per second. A figure is NaN if it was not measured.
 *
 * @param mipsBefore the guest's rate in the window before the request
 * @param mipsDuring its rate from request to durable image, of the time in which it did not stand
 * @param mipsAfter its rate in the window after the end
 * @param countedPercent what it retired from request to durable image, in percent of what it would have at the mean of the rates before
 *     and after: the report's progress before it is cut off
 * @param hartCpusBeside how many CPUs its harts had in the two windows, on average
 * @param hartCpusDuring how many they had from request to durable image
 * @param othersCpus how many CPUs of the host other processes kept busy, windows included; NaN if it is not known
 * @param hostCpus how many the host has
 */
public record Conditions(double mipsBefore, double mipsDuring, double mipsAfter, double countedPercent, double hartCpusBeside,
        double hartCpusDuring, double othersCpus, int hostCpus) {
    /** Nothing is known. */
    public static final Conditions UNKNOWN =
            new Conditions(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);
    /** By how much rates may differ that are taken for the same. */
    private static final double SAME = 0.15;
    /** Share of the host's CPUs that others may have. */
    private static final double QUIET = 0.1;

    /** Whether others had more of the host than figures bear. */
    public boolean isHostBusy() {
        return othersCpus > QUIET * hostCpus;
    }

    /** Whether the guest changed its pace: then nobody knows what it would have done without the checkpoint. */
    public boolean isPaceChanged() {
        double most = Math.max(mipsBefore, mipsAfter);
        return Math.min(mipsBefore, mipsAfter) < (1 - SAME) * most || mipsDuring > (1 + SAME) * most;
    }

    /** Whether more than 100 % was counted, and so progress is cut off: the guest beside the checkpoint was not the guest during it. */
    public boolean isCut() {
        return countedPercent > 100;
    }

    /** What others did, in a sentence. */
    public String others() {
        return Double.isNaN(othersCpus) ? "How busy others kept the host is not known."
                : String.format(Locale.ROOT, "Other processes kept %.1f of the host's %d CPUs busy.", othersCpus, hostCpus);
    }

    /** Why the figures are doubtful, a sentence each; empty if they are not. */
    public List<String> doubts() {
        List<String> doubts = new ArrayList<>();
        if (isHostBusy()) {
            doubts.add(others());
        }
        if (isPaceChanged()) {
            doubts.add("The guest changed its pace: " + mips(mipsBefore) + " before, " + mips(mipsDuring) + " during, " + mips(mipsAfter)
                    + " after.");
        }
        if (isCut()) {
            doubts.add("The guest retired " + counted() + " of what its rate before and after makes likely."
                    + " Its progress is cut off at the share of time in which it did not stand.");
        }
        return doubts;
    }

    private static String mips(double rate) {
        return Double.isNaN(rate) ? "unknown" : String.format(Locale.ROOT, "%.0f MIPS", rate);
    }

    /** With a tenth where the percent alone could read 100. */
    private String counted() {
        return String.format(Locale.ROOT, countedPercent < 101 ? "%.1f %%" : "%.0f %%", countedPercent);
    }

    /** The doubts in some words, for a column; {@code -} without any. */
    public String mark() {
        List<String> marks = new ArrayList<>();
        if (isHostBusy()) {
            marks.add("busy host");
        }
        if (isPaceChanged()) {
            marks.add("pace changed");
        }
        if (isCut()) {
            marks.add("cut from " + counted());
        }
        return marks.isEmpty() ? "-" : String.join(", ", marks);
    }
}
