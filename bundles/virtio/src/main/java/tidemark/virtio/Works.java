package tidemark.virtio;

/** Counts what goes on beside the guest. What was begun before a reset has to end before the device goes on: it could overtake what comes after. */
final class Works {
    private int era;
    private int going;
    private int goingOfBefore;

    /** @return what {@link #end} wants to know */
    int begin() {
        going++;
        return era;
    }

    /** @return false if the device was reset since it began */
    boolean end(int begun) {
        if (begun == era) {
            going--;
            return true;
        }
        goingOfBefore--;
        return false;
    }

    boolean settled() {
        return goingOfBefore == 0;
    }

    /** The device is reset. */
    void forget() {
        era++;
        goingOfBefore += going;
        going = 0;
    }

    /** The machine is reset or loaded: nobody will tell the end of what was begun. */
    void clear() {
        era++;
        going = 0;
        goingOfBefore = 0;
    }
}
