package tidemark.api.shell;

import org.osgi.annotation.versioning.ConsumerType;

/** A command's result that is shown as a table. */
@ConsumerType
public interface Tabular {
    Table table();
}
