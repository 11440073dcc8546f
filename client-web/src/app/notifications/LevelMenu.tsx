import { useQuery, useQueryClient } from '@tanstack/react-query';
import BellIcon from 'icon:bell';
import BellOff from 'icon:bell-off';
import BellRing from 'icon:bell-ring';
import { changeLevel, errorText, levels, notificationQueries, type Level, type LevelObject } from '@/api';
import { useI18n } from '@/i18n';
import { IconButton, Menu, MenuItem, MenuSection, toast, type IconType } from '@/ui';

const icons: Record<Level, IconType> = { everything: BellRing, mine: BellIcon, nothing: BellOff };
const inherit = 'inherit';

/** What one wants to hear of a workspace or document: a menu behind a bell. */
export default function LevelMenu({ object, name }: { object: LevelObject; name: string }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const { data } = useQuery(notificationQueries.level(object));
  if (!data) return null;
  const { queryKey } = notificationQueries.level(object);
  const choose = (level: Level | null) => {
    client.setQueryData(queryKey, { ...data, level });
    changeLevel(object, level)
      .then((view) => client.setQueryData(queryKey, view))
      .catch((error: unknown) => {
        toast({ text: errorText(error), kind: 'failure' });
        client.setQueryData(queryKey, data);
      })
      .finally(() => {
        // What lies below goes by it too.
        void client.invalidateQueries({ queryKey: ['notification-level'] });
        void client.invalidateQueries({ queryKey: notificationQueries.settings().queryKey });
      });
  };
  const inherited = t(`notifications.level.${data.inherited}`);
  return (
    <Menu
      aria-label={t('notifications.level.of', { name })}
      selectionMode="single"
      trigger={
        <IconButton
          icon={icons[data.level ?? data.inherited]}
          label={t('notifications.level.of', { name })}
          tooltip={false}
        />
      }
    >
      <MenuSection
        title={t('notifications.level.title')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[data.level ?? inherit]}
        onSelectionChange={(keys) => {
          const [key] = keys as Set<string>;
          if (key) choose(key === inherit ? null : (key as Level));
        }}
      >
        <MenuItem id={inherit} choice>
          {data.from
            ? t('notifications.level.inherit.from', { level: inherited, name: data.from.name })
            : t('notifications.level.inherit', { level: inherited })}
        </MenuItem>
        {levels.map((each) => (
          <MenuItem key={each} id={each} choice icon={icons[each]}>
            {t(`notifications.level.${each}`)}
          </MenuItem>
        ))}
      </MenuSection>
    </Menu>
  );
}
