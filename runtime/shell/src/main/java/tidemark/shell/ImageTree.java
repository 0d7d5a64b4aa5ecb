package tidemark.shell;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tidemark.api.checkpoint.CheckpointException;
import tidemark.api.checkpoint.Checkpoints;
import tidemark.api.checkpoint.ImageReader;
import tidemark.api.memory.PhysicalMemory;
import tidemark.api.shell.Screen.Style;
import tidemark.api.shell.Table;
import tidemark.api.shell.Table.Cell;
import tidemark.api.shell.Tabular;
import tidemark.api.shell.Units;

/** The images of a folder, and which of them are increments of which. */
public record ImageTree(List<Node> nodes) implements Tabular {
    /** @param parent id of the image's parent, empty if it is whole */
    public record Node(Path path, String id, String parent, long bytes, long pages, String time) {}

    /** Images that cannot be read are left out: checkpoint:list shows them. */
    static ImageTree of(Checkpoints checkpoints, List<Path> images) {
        List<Node> nodes = new ArrayList<>();
        for (Path path : images) {
            try (ImageReader reader = checkpoints.open(path)) {
                String time = reader.manifest().getOrDefault("time", "-").replaceFirst("\\.\\d+Z", "Z");
                nodes.add(new Node(path, reader.manifest().getOrDefault("id", ""), reader.parent().map(ImageReader.Parent::id).orElse(""), bytes(reader),
                        reader.parent().isPresent() ? reader.own().size() : reader.pages(), time));
            } catch (CheckpointException damaged) {
                continue;
            }
        }
        return new ImageTree(nodes);
    }

    /** Without the holes of a sparse file. */
    private static long bytes(ImageReader image) {
        return image.sections().stream().mapToLong(section -> section.type().equals("ram") ? section.dataPages() * PhysicalMemory.PAGE_SIZE : section.length()).sum();
    }

    @Override
    public Table table() {
        Table table = Table.withHead("image", "pages", "size", "taken");
        Set<Node> shown = new HashSet<>();
        for (Node node : nodes) {
            if (parent(node).isEmpty()) {
                add(node, 0, shown, table);
            }
        }
        nodes.forEach(node -> add(node, 0, shown, table)); // those that are their own ancestors
        return table;
    }

    private Optional<Node> parent(Node child) {
        return child.parent.isEmpty() ? Optional.empty() : nodes.stream().filter(node -> node.id.equals(child.parent)).findFirst();
    }

    /** An only child stands below its parent, as deep as it; several stand a step deeper: a line of a thousand is no staircase. */
    private void add(Node first, int depth, Set<Node> shown, Table table) {
        Node node = first;
        int at = depth;
        while (shown.add(node)) {
            String mark = node.parent.isEmpty() ? "" : "+ ";
            boolean orphan = !node.parent.isEmpty() && parent(node).isEmpty();
            table.row(new Cell("  ".repeat(at) + mark + node.path.getFileName() + (orphan ? " (its parent is not here)" : ""), orphan ? Style.RED : Style.CYAN),
                    Units.count(node.pages), Units.bytes(node.bytes), node.time);
            String id = node.id;
            List<Node> children = nodes.stream().filter(child -> !id.isEmpty() && child.parent.equals(id)).toList();
            if (children.size() != 1) {
                int deeper = at + 1;
                children.forEach(child -> add(child, deeper, shown, table));
                return;
            }
            node = children.getFirst();
            at = Math.max(at, 1);
        }
    }
}
