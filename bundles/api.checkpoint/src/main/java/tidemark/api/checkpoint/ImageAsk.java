package tidemark.api.checkpoint;

/**
 * Something of the host that an image asks for.
 *
 * @param part of the machine: a device's name, {@code kernel}, {@code initrd} or {@code firmware}
 * @param use in words: "reads /path/of/Image", "listens on tcp 127.0.0.1:2222"
 * @param grantedBy why it may: "it lies beside the image"; empty if it may not
 * @param option that grants it
 */
public record ImageAsk(String part, String use, String grantedBy, String option) {
    public boolean isGranted() {
        return !grantedBy.isEmpty();
    }

    @Override
    public String toString() {
        return part + " " + use + (isGranted() ? " (" + grantedBy + ")" : " (not granted; " + option + " would)");
    }
}
