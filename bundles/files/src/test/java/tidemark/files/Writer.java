package tidemark.files;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A process of its own that is killed: does one thing over and over, or does it and waits. Says when it has begun. */
final class Writer {
    private final Path folder;

    private Writer(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        Writer writer = new Writer(Path.of(args[0]));
        if (args[1].equals("hold")) {
            writer.hold();
        }
        for (int n = 0;; n++) {
            if (n == 1) {
                ready();
            }
            writer.pair(n);
            writer.layer(n);
        }
    }

    /** One of each kind, none of which is needed. */
    private void hold() throws Exception {
        NewFile.create(folder.resolve("partial"), Audience.OWNER);
        Companion.create(folder.resolve("alone"), ".oracle").publish();
        Disposable.claim(folder.resolve("layer"));
        NewFile.replace(folder.resolve("layer"), Audience.OWNER, "scratch");
        Reservation.of(folder.resolve("reserved"));
        TemporaryFolder temporary = TemporaryFolder.create(folder, "test");
        NewFile.replace(temporary.path().resolve("file"), Audience.OWNER, "text");
        ready();
        Thread.sleep(Long.MAX_VALUE);
    }

    /** A main file with its companion, both whole. */
    private void pair(int n) throws Exception {
        Path main = folder.resolve("image-" + ProcessHandle.current().pid() + "-" + n);
        try (NewFile image = NewFile.create(main, Audience.OWNER_READS); Companion proof = Companion.create(main, ".oracle")) {
            image.channel().write(ByteBuffer.allocate(9_000));
            proof.channel().write(ByteBuffer.allocate(3_000));
            proof.publish();
            image.publish();
            proof.keep();
        }
    }

    /** A layer that is not needed; every second one is, from some instant on. */
    private void layer(int n) throws Exception {
        Path layer = folder.resolve("layer-" + ProcessHandle.current().pid() + "-" + n);
        Disposable disposable = Disposable.claim(layer);
        try (NewFile file = NewFile.create(layer, Audience.OWNER)) {
            file.name();
        }
        if (n % 2 == 0) {
            disposable.keep();
            NewFile.replace(layer, Audience.OWNER, "needed");
        } else {
            disposable.remove();
        }
    }

    private static void ready() {
        System.out.print('r');
        System.out.flush();
    }
}
