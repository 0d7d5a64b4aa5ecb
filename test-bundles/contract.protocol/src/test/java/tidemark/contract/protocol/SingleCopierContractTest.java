package tidemark.contract.protocol;

import tidemark.api.checkpoint.CopyStrategy;
import tidemark.copier.single.SingleCopier;

class SingleCopierContractTest extends CopierContract {
    @Override
    protected CopyStrategy strategy() {
        return new SingleCopier();
    }
}
