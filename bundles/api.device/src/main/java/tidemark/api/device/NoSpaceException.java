package tidemark.api.device;

import java.io.IOException;

/** The host has no room for what a disk is to hold. What was asked for can be asked for again when there is room: nothing is lost. */
public final class NoSpaceException extends IOException {
    private static final long serialVersionUID = 1;

    public NoSpaceException(String message) {
        super(message);
    }
}
