import { useApp } from '@/app/context';
import { Button } from './parts';
import { Icon } from './icons';

export function SearchBox({
  label,
  value,
  onText,
  placeholder,
}: {
  label: string;
  value: string;
  onText(value: string): void;
  placeholder?: string;
}) {
  const { t } = useApp();
  return (
    <div class="an-searchbox" role="search">
      <Icon name="search" />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder ?? label}
        value={value}
        onInput={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value) {
            event.stopPropagation();
            onText('');
          }
        }}
      />
      {value && (
        <Button kind="quiet" small icon="close" label={t('web.search_clear')} onClick={() => onText('')} />
      )}
    </div>
  );
}
