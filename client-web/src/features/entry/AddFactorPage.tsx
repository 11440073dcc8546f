import { useQueryClient } from '@tanstack/react-query';
import { queries } from '@/api';
import { Entry } from '@/app/Entry';
import { FactorSetup } from '@/app/FactorSetup';
import { useProof } from '@/app/proof';
import { signOut } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button } from '@/ui';

/** Stands before everything else where the instance asks for a second factor and one has none. */
export default function AddFactorPage() {
  const { t } = useI18n();
  useTitle(t('factor.must.title'));
  const client = useQueryClient();
  const proof = useProof();
  return (
    <Entry>
      <h1>{t('factor.must.title')}</h1>
      <p className="lede">{t('factor.must.lede')}</p>
      <FactorSetup
        guard={proof.guard}
        onDone={() => void client.invalidateQueries({ queryKey: queries.bootstrap().queryKey })}
      />
      <div className="btns">
        <Button kind="quiet" onPress={() => void signOut()}>
          {t('action.sign.out')}
        </Button>
      </div>
      {proof.dialog}
    </Entry>
  );
}
