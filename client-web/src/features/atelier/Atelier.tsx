import { useState } from 'react';
import Bold from 'icon:bold';
import CalendarCheck from 'icon:calendar-check';
import Check from 'icon:check';
import Clock from 'icon:clock';
import Ellipsis from 'icon:ellipsis';
import FileText from 'icon:file-text';
import Folder from 'icon:folder';
import Italic from 'icon:italic';
import Pencil from 'icon:pencil';
import Plus from 'icon:plus';
import Trash2 from 'icon:trash-2';
import X from 'icon:x';
import { setTheme } from '@/app/theme';
import { chooseLocale } from '@/app/session';
import { useTitle } from '@/app/title';
import { locales, useI18n } from '@/i18n';
import {
  Avatar,
  AvatarStack,
  Button,
  Card,
  Checkbox,
  ComboBox,
  CountryTag,
  Dialog,
  DialogFoot,
  EmptyState,
  ErrorNotice,
  IconButton,
  Kbd,
  LanguageTag,
  Mark,
  Menu,
  MenuItem,
  MenuSection,
  MenuSeparator,
  Notice,
  Option,
  PageHead,
  Popover,
  Progress,
  SearchField,
  Select,
  Skeleton,
  Switch,
  Tab,
  TabList,
  Table,
  TabPanel,
  Tabs,
  Tag,
  TextField,
  toast,
  ToggleButton,
  TwoSidedBar,
  type AvatarPerson,
} from '@/ui';
import { Collection, Tree, TreeItem } from '@/ui/Tree';
import './atelier.css';

const person = (
  id: string,
  name: string,
  initials: string,
  country: 'F' | 'CH',
  short_name: string,
): AvatarPerson => ({
  id,
  name,
  initials,
  organisation: { short_name, country },
});
const tm = person('a1', 'Technicienne mobilité', 'TM', 'F', 'Grand Belfort');
const people = [
  tm,
  person('b2', 'Chef de projet', 'CP', 'CH', 'canton du Jura'),
  person('c3', 'Urbaniste', 'UA', 'F', 'AUDAB'),
  person('d4', 'Fachstelle öV', 'KB', 'CH', 'Kanton Bern'),
  person('e5', 'Statisticienne', 'OS', 'CH', 'OSTAJ'),
];

interface Leaf {
  id: string;
  title: string;
  children: Leaf[];
}
const leaves: Leaf[] = [
  {
    id: 'm',
    title: 'Mobilité',
    children: [
      { id: 'm1', title: 'Liaison cyclable Delle–Porrentruy', children: [] },
      { id: 'm2', title: 'Tarification coordonnée', children: [] },
    ],
  },
  { id: 's', title: 'Santé', children: [{ id: 's1', title: 'Contrat local de santé', children: [] }] },
];

/** Every part of the design system in all its states: for whoever builds or checks a screen. Its own words are samples. */
export function Atelier() {
  const { t, locale, format } = useI18n();
  useTitle(t('atelier.title'));
  const [dialog, setDialog] = useState<'plain' | 'alert' | null>(null);
  const [bold, setBold] = useState(true);
  const now = new Date('2026-10-06T09:30:00');
  return (
    <main className="page atelier" id="main">
      <PageHead
        over={<Mark />}
        title={t('atelier.title')}
        lede={t('atelier.lede')}
        actions={
          <>
            {locales.map((each) => (
              <Button
                key={each}
                size="s"
                kind={each === locale ? 'primary' : 'plain'}
                onPress={() => void chooseLocale(each)}
              >
                {each}
              </Button>
            ))}
            {(['system', 'light', 'dark'] as const).map((each) => (
              <Button key={each} size="s" onPress={() => setTheme(each)}>
                {t(`theme.${each}`)}
              </Button>
            ))}
          </>
        }
      />
      <div className="at-g" lang="fr">
        <Card title="Boutons">
          <div className="panel-b stack">
            <div className="btns">
              <Button kind="primary">Action principale</Button>
              <Button>Secondaire</Button>
              <Button kind="quiet">Discrète</Button>
              <Button kind="danger">Supprimer</Button>
              <Button kind="destructive">Supprimer « Note »</Button>
            </div>
            <div className="btns">
              <Button kind="primary" icon={Plus} size="l">
                Grand
              </Button>
              <Button icon={Pencil} size="s">
                Petit
              </Button>
              <Button isDisabled>Inactif</Button>
              <Button kind="primary" isPending>
                En cours
              </Button>
            </div>
            <div className="btns" role="toolbar" aria-label="Mise en forme">
              <ToggleButton
                icon={Bold}
                label="Gras"
                keys="Ctrl B"
                isSelected={bold}
                onChange={setBold}
                size="s"
              />
              <IconButton icon={Italic} label="Italique" keys="Ctrl I" size="s" />
              <IconButton icon={Trash2} label="Supprimer" kind="danger" />
              <IconButton icon={Ellipsis} label="Autres actions" isDisabled />
            </div>
            <p>
              <Kbd>Ctrl K</Kbd> <Kbd>G puis A</Kbd>
            </p>
          </div>
        </Card>

        <Card title="Champs">
          <div className="panel-b form">
            <TextField
              label="Adresse électronique"
              placeholder="nom@collectivite.fr"
              hint="Celle de votre organisation."
            />
            <TextField label="Mot de passe" type="password" defaultValue="secret" />
            <TextField
              label="Montant, EUR"
              defaultValue="36 200,00"
              error="Le Fonds soutient les projets de moins de 35 000 €. Retirez 1 200,01 € ou choisissez un autre dispositif."
            />
            <TextField label="Description" lines={2} isDisabled defaultValue="Champ inactif" />
            <SearchField label="Filtrer" placeholder="Filtrer" defaultValue="delle" />
          </div>
        </Card>

        <Card title="Choix">
          <div className="panel-b form">
            <Select label="Rôle" defaultValue="editor">
              <Option id="reader" textValue="Lecture" note="Lit les documents">
                Lecture
              </Option>
              <Option id="editor" textValue="Écriture" note="Écrit, crée, range">
                Écriture
              </Option>
            </Select>
            <Select label="Territoire" error="Choisissez un territoire.">
              <Option id="nj" textValue="Nord Franche-Comté – Jura">
                Nord Franche-Comté – Jura
              </Option>
            </Select>
            <ComboBox label="Organisation" defaultItems={people} menuTrigger="focus">
              {(each) => (
                <Option id={each.id} textValue={each.name}>
                  {each.name} {each.organisation && <CountryTag country={each.organisation.country} />}
                </Option>
              )}
            </ComboBox>
            <Checkbox defaultSelected>Rester connecté</Checkbox>
            <Checkbox>Recevoir un résumé</Checkbox>
            <Checkbox isDisabled>Inactif</Checkbox>
            <Switch defaultSelected hint={<span className="block">Par exemple G puis A.</span>}>
              Raccourcis d’une lettre
            </Switch>
            <Switch isDisabled>Inactif</Switch>
          </div>
        </Card>

        <Card title="Ce qui flotte">
          <div className="panel-b stack">
            <div className="btns">
              <Menu aria-label="Document" trigger={<Button icon={Ellipsis}>Menu</Button>}>
                <MenuItem icon={Pencil} keys="F2">
                  Renommer
                </MenuItem>
                <MenuItem icon={Folder} isDisabled>
                  Déplacer vers…
                </MenuItem>
                <MenuSeparator />
                <MenuSection title="Affichage" selectionMode="single" defaultSelectedKeys={['list']}>
                  <MenuItem id="list" choice>
                    Liste
                  </MenuItem>
                  <MenuItem id="tree" choice>
                    Arbre
                  </MenuItem>
                </MenuSection>
                <MenuSeparator />
                <MenuItem icon={Trash2} danger>
                  Mettre à la corbeille
                </MenuItem>
              </Menu>
              <Popover label="Précision" trigger={<Button>Bulle</Button>}>
                Une précision, avec un <a href="#main">lien</a>.
              </Popover>
              <Button onPress={() => setDialog('plain')}>Dialogue</Button>
              <Button onPress={() => setDialog('alert')}>Irréversible</Button>
            </div>
            <div className="btns">
              <Button
                onPress={() =>
                  toast({
                    text: '« Note de cadrage » est à la corbeille',
                    action: { label: t('ui.undo'), run: () => undefined },
                  })
                }
              >
                Avis avec Annuler
              </Button>
              <Button
                onPress={() =>
                  toast({
                    text: '« Note » garde son nom',
                    note: 'Le serveur ne répond pas.',
                    kind: 'failure',
                  })
                }
              >
                Avis d’échec
              </Button>
            </div>
            <Dialog title="Nouveau document" isOpen={dialog === 'plain'} onClose={() => setDialog(null)}>
              <TextField label="Titre" autoFocus />
              <DialogFoot>
                <Button onPress={() => setDialog(null)}>{t('ui.cancel')}</Button>
                <Button kind="primary">Créer</Button>
              </DialogFoot>
            </Dialog>
            <Dialog
              title="Supprimer « Note » ?"
              alert
              isOpen={dialog === 'alert'}
              onClose={() => setDialog(null)}
            >
              <p>Le document disparaît pour tous. Cela ne se rattrape pas.</p>
              <DialogFoot>
                <Button onPress={() => setDialog(null)} autoFocus>
                  {t('ui.cancel')}
                </Button>
                <Button kind="destructive">Supprimer « Note »</Button>
              </DialogFoot>
            </Dialog>
          </div>
        </Card>

        <Card title="Présence, pays, langue">
          <div className="panel-b stack">
            <p className="row wrap">
              <Avatar person={tm} size="l" />
              <Avatar person={tm} />
              <Avatar person={tm} size="s" />
              {[1, 2, 3, 4, 5, 6].map((hue) => (
                <Avatar
                  key={hue}
                  person={tm}
                  hue={hue}
                  live={hue < 4}
                  label={`Technicienne mobilité, teinte ${hue}`}
                />
              ))}
            </p>
            <p className="row wrap">
              <AvatarStack people={people} live /> <AvatarStack people={people} size="s" max={4} />
            </p>
            <p className="row wrap">
              <CountryTag country="F" /> <CountryTag country="CH" /> <LanguageTag language="fr" />{' '}
              <LanguageTag language="de-CH" />
            </p>
            <p className="row wrap">
              <Tag tone="ok" icon={Check}>
                Adopté
              </Tag>
              <Tag tone="wait" icon={Clock}>
                Attendu
              </Tag>
              <Tag tone="no" icon={X}>
                Refusé
              </Tag>
              <Tag tone="info">Ajourné</Tag>
              <Tag>Brouillon</Tag>
              <Tag tone="line">Public</Tag>
            </p>
            <TwoSidedBar f={11} ch={9} label="11 membres côté français, 9 côté suisse" />
            <TwoSidedBar
              f={5}
              ch={4}
              max={8}
              mark={4}
              label="Présences : France 5 sur 8, Suisse 4 sur 8, quorum 4 de chaque côté"
            />
            <TwoSidedBar f={0} ch={3} label="Personne côté français, 3 côté suisse" />
          </div>
        </Card>

        <Card title="Attente et échec" count={14}>
          <div className="panel-b stack">
            <Skeleton />
            <Progress
              label="Dossier de séance, 6 pièces sur 14"
              value={0.43}
              note="Vous pouvez quitter cette page."
            />
            <Notice>Une information.</Notice>
            <Notice tone="ok">Reçu.</Notice>
            <Notice tone="wait">En attente de relecture.</Notice>
            <ErrorNotice title="Votre envoi n’a pas été reçu." onRetry={() => undefined}>
              Le réseau a coupé à 10 h 12.
            </ErrorNotice>
          </div>
        </Card>

        <Card title="Vide">
          <EmptyState
            icon={CalendarCheck}
            title="Rien ne vous attend aujourd’hui"
            action={<Button size="s">Voir l’agenda</Button>}
          >
            Prochaine échéance : convocation du 13 octobre.
          </EmptyState>
        </Card>

        <Card title="Onglets et arbre">
          <div className="panel-b stack">
            <Tabs>
              <TabList aria-label="Rubriques" className="tabs">
                <Tab id="a">Aperçu</Tab>
                <Tab id="b">
                  Documents <span className="n">64</span>
                </Tab>
              </TabList>
              <TabPanel id="a">
                <p className="muted at-p">Le contenu de l’aperçu.</p>
              </TabPanel>
              <TabPanel id="b">
                <p className="muted at-p">Les documents.</p>
              </TabPanel>
            </Tabs>
            <Tree aria-label="Documents" items={leaves} defaultExpandedKeys={['m']}>
              {leaf}
            </Tree>
          </div>
        </Card>

        <Card title="Tableau" className="at-w">
          <Table
            className="docs"
            caption="Documents récents"
            columns={[
              { id: 't', title: 'Titre' },
              { id: 'f', title: 'Dossier', secondary: true },
              { id: 'l', title: 'Langue' },
              { id: 'a', title: 'Activité', align: 'end' },
            ]}
          >
            {['Liaison cyclable Delle–Porrentruy', 'Contrat local de santé : volet frontalier'].map(
              (title, index) => (
                <tr key={title}>
                  <th scope="row">
                    <span className="dt">
                      <FileText />
                      {title}
                    </span>
                  </th>
                  <td className="muted hide-m">Mobilité</td>
                  <td>
                    <LanguageTag language="fr" />
                  </td>
                  <td className="r meta nw">
                    {index ? (
                      format.ago(new Date(Date.now() - 86_400_000))
                    ) : (
                      <AvatarStack people={people} size="s" />
                    )}
                  </td>
                </tr>
              ),
            )}
          </Table>
        </Card>

        <Card title="Formats" className="at-w">
          <div className="panel-b">
            <dl className="dl">
              <dt>Nombre</dt>
              <dd>{format.number(1234.5)}</dd>
              <dt>Date</dt>
              <dd>{format.weekdayDate(now)}</dd>
              <dt>Date et heure</dt>
              <dd>{format.dateTime(now)}</dd>
              <dt>Heure ronde</dt>
              <dd>{format.time(new Date('2026-10-06T14:00:00'))}</dd>
              <dt>Il y a</dt>
              <dd>{format.ago(new Date(Date.now() - 180_000))}</dd>
              <dt>Poids</dt>
              <dd>{format.bytes(29_400_000)}</dd>
            </dl>
          </div>
        </Card>
      </div>
    </main>
  );
}

function leaf(item: Leaf) {
  return (
    <TreeItem id={item.id} textValue={item.title} content={<span className="grow">{item.title}</span>}>
      {item.children.length > 0 && <Collection items={item.children}>{leaf}</Collection>}
    </TreeItem>
  );
}
