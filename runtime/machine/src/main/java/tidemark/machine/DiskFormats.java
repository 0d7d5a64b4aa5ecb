package tidemark.machine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tidemark.api.device.DiskPart;
import tidemark.api.machine.Parts;
import tidemark.api.machine.Parts.Use;

/** The disk parts that one disk of a machine uses, taken when they are first needed. */
final class DiskFormats implements DiskChain.Formats, AutoCloseable {
    private final Parts parts;
    private final Consumer<String> gone;
    private final Map<String, Use<DiskPart>> uses = new HashMap<>();

    /** @param gone takes the name of a format whose part is about to go */
    DiskFormats(Parts parts, Consumer<String> gone) {
        this.parts = parts;
        this.gone = gone;
    }

    @Override
    public synchronized DiskPart part(String format) {
        return uses.computeIfAbsent(format, name -> parts.use(DiskPart.class, "disk", name, () -> leave(name))).part();
    }

    private void leave(String format) {
        synchronized (this) {
            uses.remove(format);
        }
        gone.accept(format);
    }

    @Override
    public List<String> names() {
        return parts.names("disk");
    }

    @Override
    public synchronized void close() {
        uses.values().forEach(Use::close);
        uses.clear();
    }
}
