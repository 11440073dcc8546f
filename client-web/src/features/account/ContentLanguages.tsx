import { useState } from 'react';
import ArrowUp from 'icon:arrow-up';
import X from 'icon:x';
import { errorText } from '@/api';
import { contentLanguages, languageName } from '@/app/languages';
import { saveMe, useMe } from '@/app/session';
import { useI18n } from '@/i18n';
import { Card, IconButton, Option, Select, toast } from '@/ui';

const kMax = 8;

/** In which languages one would rather read, the first first: apart from the language of the interface. */
export function ContentLanguages() {
  const { t } = useI18n();
  const mine = useMe().content_languages;
  const [busy, setBusy] = useState(false);
  const save = (wanted: string[]): void => {
    setBusy(true);
    saveMe({ content_languages: wanted })
      .catch((error: unknown) => toast({ text: errorText(error), kind: 'failure' }))
      .finally(() => setBusy(false));
  };
  const raised = (at: number): string[] => {
    const next = [...mine];
    next.splice(at - 1, 0, ...next.splice(at, 1));
    return next;
  };
  const free = contentLanguages.filter((each) => !mine.includes(each));
  return (
    <Card title={t('languages.content')}>
      <div className="panel-b form" data-testid="content-languages">
        <p className="muted mb-0">
          {t(mine.length > 0 ? 'languages.content.hint' : 'languages.content.none')}
        </p>
        <ol className="rows first0">
          {mine.map((each, at) => (
            <li key={each} className="row between">
              <span lang={each}>{languageName(each)}</span>
              <span className="nw">
                <IconButton
                  icon={ArrowUp}
                  size="s"
                  isDisabled={busy || at === 0}
                  label={t('languages.up', { language: languageName(each) })}
                  onPress={() => save(raised(at))}
                />
                <IconButton
                  icon={X}
                  size="s"
                  isDisabled={busy}
                  label={t('languages.remove', { language: languageName(each) })}
                  onPress={() => save(mine.filter((other) => other !== each))}
                />
              </span>
            </li>
          ))}
        </ol>
        {mine.length < kMax && (
          <Select
            label={t('languages.add')}
            value={null}
            placeholder={t('languages.add')}
            isDisabled={busy}
            onChange={(key) => key && save([...mine, String(key)])}
          >
            {free.map((each) => (
              <Option key={each} id={each} textValue={languageName(each)}>
                <span lang={each}>{languageName(each)}</span>
              </Option>
            ))}
          </Select>
        )}
      </div>
    </Card>
  );
}
