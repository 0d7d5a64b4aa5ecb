package tidemark.shell;

import tidemark.api.checkpoint.CheckpointRequest;

/** What the parts of a checkpoint are, for the options of all commands that have them. */
final class Described {
    static final String TRACKER = "dirty tracker (as vm:use has chosen; else " + CheckpointRequest.DEFAULT_TRACKER + ")";
    static final String COPIER = "copy strategy (as vm:use has chosen; else " + CheckpointRequest.DEFAULT_COPIER + ")";
    static final String LAYOUT = "image layout (as vm:use has chosen; else " + CheckpointRequest.DEFAULT_LAYOUT + ")";
    static final String STOP = "stop condition (as vm:use has chosen; else " + CheckpointRequest.DEFAULT_STOP + ")";

    private Described() {}
}
