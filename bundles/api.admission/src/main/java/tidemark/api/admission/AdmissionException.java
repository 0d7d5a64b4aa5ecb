package tidemark.api.admission;

/** A jar that is not let in; the message says why, and the platform is as before. */
public class AdmissionException extends Exception {
    private static final long serialVersionUID = 1L;

    public AdmissionException(String message) {
        super(message);
    }

    public AdmissionException(String message, Throwable cause) {
        super(message, cause);
    }
}
