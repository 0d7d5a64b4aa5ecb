package tidemark.admission;

import tidemark.api.admission.AdmissionException;

/** A bundle needs what is not there; it may come. */
final class UnresolvedException extends AdmissionException {
    private static final long serialVersionUID = 1L;

    UnresolvedException(String message) {
        super(message);
    }
}
