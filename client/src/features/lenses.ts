import { commands, Disposable, Location, Position, Uri } from 'vscode';
import type { PositionRange } from '../../../server/src/syntax/positions';
import type { Feature } from '../studio';
import { command } from '../studio';
import { openPlace, rangeOf } from './open';

type PlainPosition = PositionRange['start'];

/**
 * Commands that the server's code lenses name. Their arguments are the protocol's plain data, which VS Code's own commands
 * do not take, so each is converted here.
 */
export const lenses: Feature = (studio) =>
  Disposable.from(
    command(studio, 'livepatchStudio.showReached', (uri, position, locations) => {
      const { line, character } = position as PlainPosition;
      const places = (locations as { uri: string; range: PositionRange }[]).map((it) => new Location(Uri.parse(it.uri), rangeOf(it.range)));
      return commands.executeCommand('editor.action.showReferences', Uri.parse(uri as string), new Position(line, character), places);
    }),
    command(studio, 'livepatchStudio.openFinding', (uri, range) => openPlace(uri as string, range as PositionRange)),
  );
