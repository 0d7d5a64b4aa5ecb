package tidemark.api.cpu;

/** Why an engine came back. */
public enum Exit {
    /** The instructions that it was given are retired. */
    BUDGET,
    /** {@link Hart#attention} was raised. */
    ATTENTION,
    /** The hart executed WFI and no interrupt that it enabled is pending; {@link Hart#waiting} is set. */
    WAIT
}
