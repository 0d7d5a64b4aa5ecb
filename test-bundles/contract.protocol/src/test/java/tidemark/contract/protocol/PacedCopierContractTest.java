package tidemark.contract.protocol;

import tidemark.api.checkpoint.CopyStrategy;
import tidemark.copier.paced.PacedCopier;

class PacedCopierContractTest extends CopierContract {
    @Override
    protected CopyStrategy strategy() {
        return new PacedCopier();
    }
}
