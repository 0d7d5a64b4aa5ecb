package tidemark.differential;

/**
 * Where a stream's code goes and what is around it.
 *
 * @param region the address of the stream's region
 */
record Place(Listing code, long region, Monitor monitor) {
    long scratchMiddle() {
        return region + Region.SCRATCH + Region.SCRATCH_SIZE / 2;
    }
}
