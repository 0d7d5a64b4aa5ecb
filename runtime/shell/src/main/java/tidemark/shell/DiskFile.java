package tidemark.shell;

import java.nio.file.Path;
import java.util.List;
import tidemark.api.device.DiskPart.Backing;
import tidemark.api.shell.Screen.Style;
import tidemark.api.shell.Table;
import tidemark.api.shell.Table.Cell;
import tidemark.api.shell.Tabular;

/**
 * A file with the content of a disk.
 *
 * @param size of the disk, in bytes
 * @param length of the file, in bytes
 * @param below the files that it is an overlay of, the next one first
 * @param writer the machine that writes it, and its device; empty if none does
 */
public record DiskFile(Path file, String format, long size, long length, List<Backing> below, String writer) implements Tabular, Command.Named {
    @Override
    public Table table() {
        Table table = Table.ofProperties().row("file", new Cell(file.toString(), Style.BOLD)).row("format", format).row("disk", Sizes.text(size))
                .row("length", Sizes.text(length));
        below.forEach(layer -> table.row("lies over", layer.file() + " (" + layer.format() + ")"));
        if (!writer.isEmpty()) {
            table.row("written by", writer);
        }
        return table;
    }

    @Override
    public String reference() {
        return file.toString();
    }
}
