import { useI18n } from '@/i18n';
import { Dialog, Kbd, Notice } from '@/ui';
import { isAvailable, useAllActions } from './actions';
import { keyWords } from './keys';
import { useMe } from './session';

/** What the keys do: the registry, listed. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  const me = useMe();
  const actions = useAllActions().filter((action) => action.keys && isAvailable(action));
  const groups = [
    { title: t('palette.go'), actions: actions.filter((action) => action.group === 'go') },
    { title: t('palette.do'), actions: actions.filter((action) => action.group === 'do') },
  ];
  return (
    <Dialog title={t('action.shortcuts')} isOpen onClose={onClose}>
      {!me.single_keys && <Notice>{t('shortcuts.off')}</Notice>}
      {groups
        .filter((group) => group.actions.length > 0)
        .map((group) => (
          <section key={group.title}>
            <h3 className="over">{group.title}</h3>
            <ul className="keys">
              {group.actions.map((action) => (
                <li key={action.id}>
                  <span>{action.title}</span>
                  <Kbd>{keyWords(action.keys ?? '', t)}</Kbd>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </Dialog>
  );
}
