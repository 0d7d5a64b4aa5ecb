package tidemark.shell;

import java.util.List;
import tidemark.api.shell.Screen.Style;
import tidemark.api.shell.Table;
import tidemark.api.shell.Table.Cell;
import tidemark.api.shell.Tabular;
import tidemark.disk.layers.LayerTree.Layer;

/**
 * Layers, and what they are needed for.
 *
 * @param unneeded what is said of those that are not needed
 */
public record DiskLayers(List<Layer> layers, String unneeded) implements Tabular {
    @Override
    public Table table() {
        Table table = Table.withHead("file", "size", "needed for");
        for (Layer layer : layers) {
            List<String> needs = layer.isNeeded() ? layer.needs() : List.of(unneeded);
            table.row(layer.file().toString(), Sizes.text(layer.bytes()), new Cell(needs.getFirst(), layer.isNeeded() ? Style.PLAIN : Style.BOLD));
            needs.stream().skip(1).forEach(need -> table.row("", "-", need));
        }
        return table;
    }
}
