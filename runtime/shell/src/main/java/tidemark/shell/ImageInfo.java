package tidemark.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tidemark.api.checkpoint.ImageReader.Section;

/**
 * What an image file holds.
 *
 * @param bytes the file's length
 * @param pages of RAM
 * @param states a line for each: name, version, number of fields
 * @param asks a line for each thing of the host that it asks for
 */
public record ImageInfo(Path path, long bytes, long pages, Map<String, String> manifest, List<Section> sections,
        List<String> states, List<String> asks) implements Command.Named {
    ImageInfo(Path path, long bytes, long pages, Map<String, String> manifest, List<Section> sections, List<String> states) {
        this(path, bytes, pages, manifest, sections, states, List.of());
    }

    ImageInfo asking(List<String> lines) {
        return new ImageInfo(path, bytes, pages, manifest, sections, states, lines);
    }

    /** What there is to say of an image that cannot be read. */
    static ImageInfo damaged(Path path, long bytes) {
        return new ImageInfo(path, bytes, 0, Map.of(), List.of(), List.of());
    }

    boolean isDamaged() {
        return pages == 0;
    }

    @Override
    public String reference() {
        return path.toString();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
