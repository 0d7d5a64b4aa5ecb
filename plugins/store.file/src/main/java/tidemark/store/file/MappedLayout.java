package tidemark.store.file;

import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.files.NewFile;
import tidemark.image.Layout;
import tidemark.image.MappedEncoder;
import tidemark.image.MappedReader;

/** Images in layout mapped, as sparse files. */
@Component(property = ImageLayout.NAME + "=mapped")
public final class MappedLayout implements ImageLayout {
    @Override
    public String description() {
        return "sparse file with every page at its place; a page that is copied again is rewritten, never larger than RAM";
    }

    @Override
    public ImageWriter create(Path file, long pages) throws CheckpointException {
        return FileWriter.create(file, pages, MappedEncoder::new);
    }

    @Override
    public ImageWriter replace(Path file, long pages) throws CheckpointException {
        return FileWriter.replace(file, pages, MappedEncoder::new);
    }

    @Override
    public boolean recognizes(Path file) {
        return !NewFile.isPartial(file) && Layout.MAPPED.recognizes(file);
    }

    @Override
    public ImageReader open(Path file) throws CheckpointException {
        return MappedReader.open(file);
    }
}
