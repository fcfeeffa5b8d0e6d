import { message } from '../../base/message';
import { field, id } from './callArguments';
import type { CallTable } from './callTable';

export const imageCalls: CallTable = {
  glance: [
    ['PUT images/*/file', message('Uploaded the data of image {0}'), message('upload the data of image {0}'), id(0)],
    [
      'GET images/*/file',
      message('Downloaded the data of image {0}'),
      message('download the data of image {0}'),
      id(0),
    ],
    ['PUT images/*/stage', message('Staged the data of image {0}'), message('stage the data of image {0}'), id(0)],
    [
      'POST images/*/import',
      message('Imported the data of image {0} ({1})'),
      message('import the data of image {0} ({1})'),
      id(0),
      field('method.name'),
    ],
    ['POST images/*/actions/deactivate', message('Deactivated image {0}'), message('deactivate image {0}'), id(0)],
    ['POST images/*/actions/reactivate', message('Reactivated image {0}'), message('reactivate image {0}'), id(0)],
    [
      'POST images/*/members',
      message('Shared image {0} with project {1}'),
      message('share image {0} with project {1}'),
      id(0),
      field('member'),
    ],
    [
      'PUT images/*/members/*',
      message('Answered the sharing of image {0} with project {1}: {2}'),
      message('answer the sharing of image {0} with project {1}: {2}'),
      id(0),
      id(1),
      field('status'),
    ],
    [
      'DELETE images/*/members/*',
      message('Stopped sharing image {0} with project {1}'),
      message('stop sharing image {0} with project {1}'),
      id(0),
      id(1),
    ],
    ['PUT images/*/tags/*', message('Added tag {1} to image {0}'), message('add tag {1} to image {0}'), id(0), id(1)],
    [
      'DELETE images/*/tags/*',
      message('Removed tag {1} of image {0}'),
      message('remove tag {1} of image {0}'),
      id(0),
      id(1),
    ],
  ],
};
