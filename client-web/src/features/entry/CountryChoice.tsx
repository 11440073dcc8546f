import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import type { Country } from '@/api';
import { useI18n } from '@/i18n';
import { CountryTag } from '@/ui';
import './entry.css';

/** France or Switzerland: two sides, neither the default in words. */
export function CountryChoice({
  value,
  onChange,
}: {
  value: Country | null;
  onChange: (country: Country) => void;
}) {
  const { t } = useI18n();
  return (
    <RadioGroup className="field" value={value} onChange={(country) => onChange(country as Country)}>
      <Label className="lab">{t('field.country')}</Label>
      <div className="sides">
        <Radio value="F" className="side-c">
          {t('country.f')} <CountryTag country="F" />
        </Radio>
        <Radio value="CH" className="side-c">
          {t('country.ch')} <CountryTag country="CH" />
        </Radio>
      </div>
    </RadioGroup>
  );
}
