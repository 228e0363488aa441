import { Button, Menu } from '@mantine/core';
import { Download, FileSpreadsheet, Image, Printer } from 'lucide-react';
import { texts } from '../texts/texts.js';
import { downloadCsv } from './download.js';
import { saveCanvas, saveDrawn, savePng, saveSvg } from './save.js';

const { save: words } = texts;

interface SaveMenuProps {
  /** Of the files, without what they end with. */
  readonly name: string;
  /** What is seen, as rows, the first of them the columns' names. */
  readonly csv?: () => readonly (readonly string[])[];
  readonly picture?: SVGSVGElement | HTMLCanvasElement | null;
  /** Draws a picture that the page does not show. */
  readonly draw?: () => Promise<SVGSVGElement>;
}

/** What is seen, to take along: as a table, as a picture, on paper. */
export function SaveMenu({ name, csv, picture, draw }: SaveMenuProps) {
  return (
    <Menu position="bottom-end" width={200}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          className="screen-only"
          leftSection={<Download size={14} aria-hidden />}
        >
          {words.save}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {csv && (
          <Menu.Item
            leftSection={<FileSpreadsheet size={15} aria-hidden />}
            onClick={() => downloadCsv(name, csv())}
          >
            {words.csv}
          </Menu.Item>
        )}
        {picture && (
          <Menu.Item
            leftSection={<Image size={15} aria-hidden />}
            onClick={() =>
              void (picture instanceof SVGSVGElement
                ? savePng(`${name}.png`, picture)
                : saveCanvas(`${name}.png`, picture))
            }
          >
            {words.png}
          </Menu.Item>
        )}
        {picture instanceof SVGSVGElement && (
          <Menu.Item
            leftSection={<Image size={15} aria-hidden />}
            onClick={() => saveSvg(`${name}.svg`, picture)}
          >
            {words.svg}
          </Menu.Item>
        )}
        {draw && (
          <>
            <Menu.Item
              leftSection={<Image size={15} aria-hidden />}
              onClick={() => void saveDrawn(draw, (drawn) => savePng(`${name}.png`, drawn))}
            >
              {words.png}
            </Menu.Item>
            <Menu.Item
              leftSection={<Image size={15} aria-hidden />}
              onClick={() => void saveDrawn(draw, (drawn) => saveSvg(`${name}.svg`, drawn))}
            >
              {words.svg}
            </Menu.Item>
          </>
        )}
        <Menu.Item leftSection={<Printer size={15} aria-hidden />} onClick={() => window.print()}>
          {words.print}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
