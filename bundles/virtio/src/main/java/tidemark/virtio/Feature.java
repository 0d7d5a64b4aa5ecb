package tidemark.virtio;

/** Feature bits that belong to queues and transport (section 6), as masks. */
public final class Feature {
    public static final long RING_INDIRECT_DESC = 1L << 28;
    public static final long RING_EVENT_IDX = 1L << 29;
    public static final long VERSION_1 = 1L << 32;

    private Feature() {}
}
