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
 */
public record ImageInfo(Path path, long bytes, long pages, Map<String, String> manifest, List<Section> sections,
        List<String> states) implements Command.Named {
    @Override
    public String reference() {
        return path.toString();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
