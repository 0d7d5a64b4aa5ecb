package tidemark.lab.cell;

/** Why a cell has no result, in words. */
final class CellException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CellException(String message) {
        super(message);
    }
}
