package tidemark.store.file;

import java.nio.file.Path;
import org.osgi.service.component.annotations.Component;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.ImageLayout;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.checkpoint.ImageWriter;
import tidemark.files.NewFile;
import tidemark.image.Layout;
import tidemark.image.StreamEncoder;
import tidemark.image.StreamReader;

/** Images in layout stream, as files. */
@Component(property = ImageLayout.NAME + "=stream")
public final class StreamLayout implements ImageLayout {
    @Override
    public String description() {
        return "append-only file; a page that is copied again is written again, so the file can outgrow RAM; mapped cannot";
    }

    @Override
    public ImageWriter create(Path file, long pages) throws CheckpointException {
        return FileWriter.create(file, pages, StreamEncoder::new);
    }

    @Override
    public ImageWriter replace(Path file, long pages) throws CheckpointException {
        return FileWriter.replace(file, pages, StreamEncoder::new);
    }

    @Override
    public boolean recognizes(Path file) {
        return !NewFile.isPartial(file) && Layout.STREAM.recognizes(file);
    }

    @Override
    public ImageReader open(Path file) throws CheckpointException {
        return StreamReader.open(file);
    }
}
