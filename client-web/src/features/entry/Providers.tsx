import { useMutation } from '@tanstack/react-query';
import LogIn from 'icon:log-in';
import { depart, errorText, type Provider } from '@/api';
import { useBootstrap } from '@/app/session';
import { useI18n } from '@/i18n';
import { Button, ErrorNotice } from '@/ui';

export function useProviderLabel() {
  const { language } = useI18n();
  return (provider: Provider) => (language === 'de' ? provider.label_de : provider.label_fr);
}

/** One button for each provider of identities; nothing where there is none. */
export function Providers({ invitation }: { invitation?: string }) {
  const { t } = useI18n();
  const labelOf = useProviderLabel();
  const providers = useBootstrap().data?.instance.providers ?? [];
  const leave = useMutation({
    mutationFn: (provider: string) =>
      depart(provider, {
        return_to: location.pathname + location.search,
        ...(invitation ? { invitation } : {}),
      }),
    onSuccess: ({ url }) => location.assign(url),
  });
  if (providers.length === 0) return null;
  return (
    <div className="form ways">
      {leave.error && <ErrorNotice title={errorText(leave.error)} />}
      {providers.map((each) => (
        <Button
          key={each.id}
          size="l"
          icon={LogIn}
          className="wide"
          isPending={(leave.isPending || leave.isSuccess) && leave.variables === each.id}
          onPress={() => leave.mutate(each.id)}
        >
          {t('signin.with', { provider: labelOf(each) })}
        </Button>
      ))}
    </div>
  );
}
