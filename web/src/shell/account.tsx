import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { BookOpen, LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react';
import { useSession } from '../session/use-session.js';
import { texts } from '../texts/texts.js';

const { shell: words } = texts;
const THEMES = { light: Sun, dark: Moon, auto: Monitor } as const satisfies Record<
  MantineColorScheme,
  unknown
>;

/** How the desk looks, who one is, and the way out. */
export function Account() {
  const { me, logOut } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true }); // or Mantine adds a <style> for a moment
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={words.menu}>
          <UserRound size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {me && <Menu.Label>{words.whoYouAre(me.name)}</Menu.Label>}
        <Menu.Label>{words.theme}</Menu.Label>
        <Menu.RadioGroup value={colorScheme} onChange={(chosen) => setColorScheme(schemeOf(chosen))}>
          {(['light', 'dark', 'auto'] as const).map((each) => {
            const Icon = THEMES[each];
            return (
              <Menu.RadioItem
                key={each}
                value={each}
                closeMenuOnClick={false}
                rightSection={<Icon size={15} aria-hidden />}
              >
                {words.themes[each]}
              </Menu.RadioItem>
            );
          })}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item component="a" href="/docs" leftSection={<BookOpen size={15} aria-hidden />}>
          {words.api}
        </Menu.Item>
        {me ? (
          <Menu.Item leftSection={<LogOut size={15} aria-hidden />} onClick={() => void logOut()}>
            {words.logOut}
          </Menu.Item>
        ) : (
          <Menu.Item component="a" href="/" leftSection={<UserRound size={15} aria-hidden />}>
            {words.logIn}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

const schemeOf = (value: string): MantineColorScheme =>
  value === 'light' || value === 'dark' ? value : 'auto';
