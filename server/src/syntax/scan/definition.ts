/** What is known so far of the definition that is being read at file scope. One object, begun anew for each definition. */
export class Definition {
  /** Nothing of it was read yet. */
  isFresh = true;
  /** The name in front of the parentheses, a function's or a macro's; 0 before it is read. */
  name = 0;
  nameLine = 0;
  /** Only specifiers stood before that name: it is a macro's. */
  isMacro = false;
  /** The macro's arguments as written. */
  macroArguments = '';
  /** The name read last outside parentheses: a variable's, a typedef's, or, while another one may follow, their type's. */
  last = 0;
  lastLine = 0;
  /** `Flag` bits. */
  flags = 0;
  onlySpecifiers = true;
  isPointer = false;
  /** Its declarator stood in parentheses: `(*name)(…)`. */
  isEnclosed = false;
  /** int f(a) int a; { … }: a list of names alone, … */
  isOldStyle = false;
  /** … and something before the body. */
  declares = false;
  isTypedef = false;
  /** What a typedef names: a tag, or another typedef. */
  target = 0;
  /** What the anonymous record embeds that a typedef names. */
  members: readonly number[] = [];
  /** Tag of the struct, union or enum. */
  tag = 0;
  /** Of what type it is was read: a keyword, a record, or a name with another one behind it. */
  hasType = false;
  /** Whose braces come. */
  expects: 'nothing' | 'record' | 'enum' = 'nothing';

  begin(): void {
    this.name = this.last = this.flags = this.target = this.tag = 0;
    this.isMacro = this.isTypedef = this.isPointer = this.isEnclosed = this.isOldStyle = this.declares = this.hasType = false;
    this.onlySpecifiers = this.isFresh = true;
    this.members = [];
    this.expects = 'nothing';
  }
}
