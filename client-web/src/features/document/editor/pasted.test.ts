// What comes out of the tidying of pasted HTML. The cases are what browsers and word processors put on the clipboard,
// and what somebody unkind would.
import { describe, expect, it } from 'vitest';
import { tidyPasted } from './pasted';

describe('tidyPasted', () => {
  it.each([
    ['<p style="color:red" class="MsoNormal" onclick="x()">a</p>', '<p>a</p>'],
    ['<style>p{color:red}</style><p>a</p><script>alert(1)</script>', '<p>a</p>'],
    ['<script>alert(1)', ''],
    ['<!-- a <b> --><p>b</p><!--[if mso]><i>x</i><![endif]-->', '<p>b</p>'],
    ['<b style="font-weight:normal" id="docs-internal"><p>a</p></b>', '<p>a</p>'],
    ['<span style="font-weight:700;font-style:italic">a</span>', '<span><strong><em>a</em></strong></span>'],
    ['<span style="text-decoration: underline line-through">a</span>', '<span><u><s>a</s></u></span>'],
    ['<o:p>&nbsp;</o:p><p>a</p>', '&nbsp;<p>a</p>'],
    ['<a href="javascript:alert(1)" title=x>a</a>', '<a title="x">a</a>'],
    ['<a href=" java&#115;cript:x">a</a>', '<a href=" java&#115;cript:x">a</a>'],
    ['<a href="https://a.example/?b=1&amp;c=2">a</a>', '<a href="https://a.example/?b=1&amp;c=2">a</a>'],
    [
      '<img src=https://a.example/x.png onerror=alert(1) alt="é">',
      '<img src="https://a.example/x.png" alt="é">',
    ],
    ['<td colspan=2 style="x">a</td>', '<td colspan="2">a</td>'],
    ['<p title="a>b" onclick=\'a>b\'>c</p>', '<p title="a>b">c</p>'],
    ['<div><i>a</div>b</i>', '<div><i>a</i></div>b'],
    ['a < b, c > d', 'a < b, c > d'],
    ['<html><body>\n<!--StartFragment--><p>a</p><!--EndFragment-->\n</body></html>', '\n<p>a</p>\n'],
    [
      '<ul data-type="taskList"><li data-checked="true" data-type="taskItem">a</li></ul>',
      '<ul data-type="taskList"><li data-checked="true" data-type="taskItem">a</li></ul>',
    ],
    ['<p data-pm-slice="1 1 []">a</p>', '<p data-pm-slice="1 1 []">a</p>'],
    ['<svg onload=alert(1)><p>a</p></svg><p>b</p>', '<p>b</p>'],
  ])('%s', (html, tidy) => {
    expect(tidyPasted(html)).toBe(tidy);
  });
});
