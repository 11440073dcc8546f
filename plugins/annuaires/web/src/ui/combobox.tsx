// A field that offers what fits what is typed (the combobox pattern of WAI-ARIA with a list of options).
import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp, useStill, useUid } from '@/app/context';

export interface Offer {
  value: string;
  label: string;
  detail?: string;
}

export function Combobox({
  id,
  label,
  placeholder,
  find,
  onPick,
  describedBy,
  invalid,
}: {
  id?: string;
  /** Its name, where no visible label is tied to `id`. */
  label?: string;
  placeholder?: string;
  find(words: string): Promise<Offer[]>;
  onPick(offer: Offer): void;
  describedBy?: string;
  invalid?: boolean;
}) {
  const { t } = useApp();
  const own = useUid();
  const field = id ?? own;
  const [words, setWords] = useState('');
  const [offers, setOffers] = useState<Offer[]>([]);
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const still = useStill(words, 180);
  const search = useRef(find);
  search.current = find;
  useEffect(() => {
    let current = true;
    if (!still.trim()) {
      setOffers([]);
      return;
    }
    search
      .current(still.trim())
      .then((found) => {
        if (!current) return;
        setOffers(found);
        setAt(found.length ? 0 : -1);
      })
      .catch(() => current && setOffers([]));
    return () => {
      current = false;
    };
  }, [still]);
  const pick = (offer: Offer | undefined) => {
    if (!offer) return;
    onPick(offer);
    setWords('');
    setOffers([]);
    setOpen(false);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      if (offers.length) setAt((at + step + offers.length) % offers.length);
    } else if (event.key === 'Enter' && shown) {
      event.preventDefault();
      pick(offers[at]);
    } else if (event.key === 'Escape' && shown) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  const shown = open && words.trim() !== '' && still === words;
  return (
    <div class="an-combo">
      <input
        id={field}
        class="cl-input"
        type="text"
        role="combobox"
        autocomplete="off"
        aria-label={label}
        aria-autocomplete="list"
        aria-expanded={shown && offers.length > 0}
        aria-controls={`${field}-list`}
        aria-activedescendant={shown && offers[at] ? `${field}-${at}` : undefined}
        aria-describedby={describedBy}
        aria-invalid={invalid}
        placeholder={placeholder}
        value={words}
        onInput={(event) => {
          setWords(event.currentTarget.value);
          setOpen(true);
        }}
        onKeyDown={key}
        onBlur={() => setOpen(false)}
      />
      <ul
        id={`${field}-list`}
        role="listbox"
        aria-label={label ?? t('web.offers')}
        class="an-offers"
        hidden={!shown || offers.length === 0}
      >
        {offers.map((offer, index) => (
          <li
            key={offer.value}
            id={`${field}-${index}`}
            role="option"
            aria-selected={index === at}
            onPointerDown={(event) => {
              event.preventDefault();
              pick(offer);
            }}
          >
            {offer.label}
            {offer.detail && <small>{offer.detail}</small>}
          </li>
        ))}
      </ul>
      <p class="an-hint" role="status">
        {shown && offers.length === 0 ? t('web.offers_none') : ''}
      </p>
    </div>
  );
}
