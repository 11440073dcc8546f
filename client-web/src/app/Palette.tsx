import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Autocomplete } from 'react-aria-components/Autocomplete';
import { Dialog } from 'react-aria-components/Dialog';
import { Header } from 'react-aria-components/Header';
import { Input } from 'react-aria-components/Input';
import { Menu, MenuItem, MenuSection } from 'react-aria-components/Menu';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { TextField } from 'react-aria-components/TextField';
import { useLocation } from 'wouter';
import FileText from 'icon:file-text';
import Folder from 'icon:folder';
import FolderOpen from 'icon:folder-open';
import Puzzle from 'icon:puzzle';
import Search from 'icon:search';
import TextSearch from 'icon:text-search';
import UserRound from 'icon:user-round';
import { queries, type Finding, type Found, type TextRun } from '@/api';
import { useI18n } from '@/i18n';
import { CountryTag, Kbd, LanguageTag, type IconType } from '@/ui';
import { isAvailable, useAllActions } from './actions';
import { keyWords } from './keys';
import { paths } from './paths';
import { fold, highlight } from './search_text';
import { Runs } from './Runs';
import { useMe } from './session';

interface Entry {
  id: string;
  title: string;
  icon: IconType;
  lang?: string;
  end?: ReactNode;
  /** Below the title: where the words stand. */
  below?: ReactNode;
  keys?: string;
  href?: string;
  run?: () => void;
}

interface Group {
  id: string;
  title: string;
  entries: Entry[];
}

const debounce_ms = 150;
/** Texts that hold the words, below the titles; asked from so many letters on. */
const kTexts = 5;
const kTextLettersMin = 3;
const kLettersBefore = 24;

/** Go to, find, do: over the registry of acts and what the server finds. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t, format } = useI18n();
  const [, navigate] = useLocation();
  const me = useMe();
  const [query, setQuery] = useState('');
  const asked = useDebounced(query.trim());
  const {
    data: found,
    isPending,
    isPlaceholderData: isOld,
  } = useQuery({ ...queries.find(asked), placeholderData: keepPreviousData });
  const { data: texts, isPlaceholderData: areOld } = useQuery({
    ...queries.search({ q: asked, kind: 'document', limit: kTexts }),
    enabled: asked.length >= kTextLettersMin,
    placeholderData: keepPreviousData,
  });
  const { data: objects } = useQuery({
    ...queries.search({ q: asked, kind: 'object', limit: kTexts }),
    enabled: asked.length >= kTextLettersMin,
    placeholderData: keepPreviousData,
  });
  const actions = useAllActions();
  const list = useRef<HTMLDivElement>(null);

  const groups = useMemo<Group[]>(() => {
    const wanted = fold(query.trim());
    const listed = actions.filter(
      (action) => !action.hidden && isAvailable(action) && (!wanted || fold(action.title).includes(wanted)),
    );
    const entries = (group: 'go' | 'do'): Entry[] =>
      listed
        .filter((action) => action.group === group)
        .map((action) => ({
          id: action.id,
          title: action.title,
          icon: action.icon ?? Search,
          run: action.run,
          ...(action.keys && (me.single_keys || action.keys.includes('+')) ? { keys: action.keys } : {}),
        }));
    return [
      {
        id: 'documents',
        title: wanted ? t('palette.documents') : t('palette.recent'),
        entries: (found?.documents ?? []).map((each) => ({
          id: `document:${each.id}`,
          title: each.title,
          lang: each.language,
          icon: each.kind === 'folder' ? Folder : FileText,
          href:
            each.kind === 'folder'
              ? paths.documents(each.workspace_id)
              : paths.document(each.workspace_id, each.id),
          end: (
            <>
              {each.workspace.name}, {format.ago(each.updated_at)}{' '}
              {(each.versions.length > 0 ? each.versions : [each]).map(({ id, language }) => (
                <LanguageTag key={id} language={language} />
              ))}
            </>
          ),
        })),
      },
      { id: 'texts', title: t('palette.texts'), entries: wanted ? inTexts(texts?.found ?? [], found) : [] },
      {
        id: 'spaces',
        title: t('nav.spaces'),
        entries: (found?.workspaces ?? []).map((each) => ({
          id: `workspace:${each.id}`,
          title: each.name,
          icon: FolderOpen,
          href: paths.workspace(each.id),
          end: each.territory.name,
        })),
      },
      {
        id: 'objects',
        title: t('search.kind.object'),
        entries: wanted
          ? (objects?.found ?? []).map((each) => ({
              id: `object:${each.id}`,
              title: each.title.map((run) => run.text).join(''),
              ...(each.language ? { lang: each.language } : {}),
              icon: Puzzle,
              ...(each.url ? { href: each.url } : {}),
              end: each.plugin?.name,
            }))
          : [],
      },
      { id: 'go', title: t('palette.go'), entries: entries('go') },
      { id: 'do', title: t('palette.do'), entries: entries('do') },
      // Last to come, so that what was found is ahead of it when Enter is pressed.
      {
        id: 'all',
        title: t('search.title'),
        entries:
          texts && !isOld && !areOld
            ? [
                {
                  id: 'search',
                  title: t('palette.all', { query: asked }),
                  icon: Search,
                  href: paths.search(asked),
                },
              ]
            : [],
      },
    ].filter((group) => group.entries.length > 0);
  }, [actions, found, texts, objects, isOld, areOld, asked, query, t, format, me.single_keys]);

  const people = query.trim() ? (found?.people ?? []) : [];
  const open = (entry: Entry) => {
    onClose();
    if (entry.href) navigate(entry.href);
    entry.run?.();
  };

  return (
    <ModalOverlay
      className="scrim pal-s"
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      isDismissable
    >
      <Modal className="pal">
        <Dialog aria-label={t('action.palette')}>
          <Autocomplete inputValue={query} onInputChange={setQuery}>
            <TextField
              className="q"
              aria-label={t('action.palette')}
              autoFocus
              onKeyDown={(event) => {
                if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
                const address = list.current?.querySelector<HTMLElement>('[data-focused] [data-address]')
                  ?.dataset.address;
                if (address) window.open(address, '_blank', 'noopener');
              }}
            >
              <Search />
              <Input placeholder={t('shell.find')} />
              <Kbd>{t('keys.escape')}</Kbd>
            </TextField>
            <div className="pal-l" ref={list}>
              <Menu
                aria-label={t('palette.results')}
                onAction={(key) => {
                  const entry = groups.flatMap((group) => group.entries).find((each) => each.id === key);
                  if (entry) open(entry);
                }}
                renderEmptyState={() =>
                  people.length === 0 && (
                    <p className="pal-e muted">
                      {isPending ? t('ui.loading') : t('palette.nothing', { query: query.trim() })}
                    </p>
                  )
                }
              >
                {groups.map((group) => (
                  <MenuSection key={group.id} id={group.id}>
                    <Header className="pal-h">{group.title}</Header>
                    {group.entries.map((entry) => (
                      <MenuItem key={entry.id} id={entry.id} textValue={entry.title} className="pal-i">
                        <entry.icon />
                        <span className="ell" lang={entry.lang} data-address={entry.href}>
                          {highlight(entry.title, query)}
                          {entry.below && <small className="ell">{entry.below}</small>}
                        </span>
                        {entry.keys && <Kbd>{keyWords(entry.keys, t)}</Kbd>}
                        {entry.end && <span className="meta">{entry.end}</span>}
                      </MenuItem>
                    ))}
                  </MenuSection>
                ))}
              </Menu>
              {people.length > 0 && (
                <section aria-label={t('palette.people')}>
                  <p className="pal-h" aria-hidden="true">
                    {t('palette.people')}
                  </p>
                  <ul>
                    {people.map((person) => (
                      <li key={person.id} className="pal-i still">
                        <UserRound />
                        <span className="ell">{highlight(person.name, query)}</span>
                        <span className="meta">
                          {[person.function, person.organisation?.short_name].filter(Boolean).join(', ')}{' '}
                          {person.organisation && <CountryTag country={person.organisation.country} />}
                        </span>
                      </li>
                    ))}
                  </ul>
                </section>
              )}
            </div>
          </Autocomplete>
          <div className="ft meta" aria-hidden="true">
            <span>
              <Kbd>↑</Kbd>
              <Kbd>↓</Kbd> {t('palette.choose')}
            </span>
            <span>
              <Kbd>{t('keys.enter')}</Kbd> {t('palette.open')}
            </span>
            <span>
              <Kbd>{`${t('keys.ctrl')} ${t('keys.enter')}`}</Kbd> {t('palette.open.aside')}
            </span>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** There is room for one line: it begins shortly before what was found. */
function fromTheHit(runs: TextRun[]): TextRun[] {
  const first = runs.findIndex(({ hit }) => hit);
  const before = runs
    .slice(0, Math.max(first, 0))
    .map(({ text }) => text)
    .join('');
  if (before.length <= kLettersBefore) return runs;
  const tail = before.slice(-kLettersBefore).replace(/^\S*\s/, '');
  return [{ text: `…${tail}`, hit: false }, ...runs.slice(first)];
}

// What is found by its title stands above already.
function inTexts(texts: Finding[], found: Found | undefined): Entry[] {
  const titled = new Set(found?.documents.map(({ id }) => id));
  return texts
    .filter((each) => each.kind === 'document' && each.workspace && !titled.has(each.id))
    .map((each) => ({
      id: `text:${each.id}`,
      title: each.title.map(({ text }) => text).join(''),
      ...(each.language ? { lang: each.language } : {}),
      icon: TextSearch,
      href: paths.document(each.workspace!.id, each.id),
      below: <Runs runs={fromTheHit(each.excerpt)} />,
      end: each.workspace!.name,
    }));
}

function useDebounced(value: string): string {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLate(value), debounce_ms);
    return () => clearTimeout(timer);
  }, [value]);
  return late;
}
