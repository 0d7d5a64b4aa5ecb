package tidemark.differential;

import java.util.List;

/** Streams that run one after another in one guest. */
final class Batch {
    private final List<Stream> streams;
    private final Monitor monitor = new Monitor(Region.FIRST + Region.CODE);
    private final byte[] image;

    Batch(List<Stream> streams) {
        if (streams.isEmpty() || streams.size() > Region.MAX_STREAMS) {
            throw new IllegalArgumentException(streams.size() + " streams; a batch has 1 to " + Region.MAX_STREAMS);
        }
        this.streams = List.copyOf(streams);
        image = new byte[(int) (Region.address(streams.size()) - Region.RAM)];
        byte[] code = monitor.bytes();
        System.arraycopy(code, 0, image, 0, code.length);
        for (int i = 0; i < streams.size(); i++) {
            long next = i + 1 < streams.size() ? Region.address(i + 1) + Region.CODE : monitor.address(Monitor.END);
            byte[] region = streams.get(i).image(Region.address(i), monitor, next);
            System.arraycopy(region, 0, image, (int) (Region.address(i) - Region.RAM), region.length);
        }
    }

    /** What is in RAM at its start. */
    byte[] image() {
        return image;
    }

    /** The code of one stream. */
    Listing listing(int index) {
        return streams.get(index).code(Region.address(index), monitor);
    }
}
