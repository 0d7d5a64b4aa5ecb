package tidemark.disk.qcow2;

/** Sizes that follow from those of a cluster and of a reference count. */
record Geometry(int clusterBits, int refcountOrder) {
    /** L1 and L2 tables, refcount tables and blocks are cached in pieces of this size, or of a cluster if that is smaller. */
    private static final int SLICE = 4096;

    int clusterSize() {
        return 1 << clusterBits;
    }

    int sliceSize() {
        return Math.min(clusterSize(), SLICE);
    }

    /** Of an L2 table, or of a cluster of the refcount table. */
    int entriesPerCluster() {
        return clusterSize() / Long.BYTES;
    }

    long bytesPerL2Table() {
        return (long) entriesPerCluster() << clusterBits;
    }

    int refcountsPerBlock() {
        return (int) ((long) clusterSize() * Byte.SIZE >> refcountOrder);
    }

    boolean isAligned(long offset) {
        return (offset & clusterSize() - 1) == 0;
    }

    long clustersFor(long bytes) {
        return Math.ceilDiv(bytes, clusterSize());
    }
}
