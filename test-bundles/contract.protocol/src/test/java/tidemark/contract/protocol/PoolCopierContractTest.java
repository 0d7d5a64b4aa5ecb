package tidemark.contract.protocol;

import tidemark.api.checkpoint.CopyStrategy;
import tidemark.copier.pool.PoolCopier;

class PoolCopierContractTest extends CopierContract {
    @Override
    protected CopyStrategy strategy() {
        return new PoolCopier();
    }
}
