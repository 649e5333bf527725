      *> A host in COBOL: hands over fixed-length fields, gets back
      *> fixed-length fields.  Checks a whole file, then rewrites it.
      *> usage: flat CLAIMFILE CAPTURES OUTPUT
      *>
      *> fusho.so must have been loaded: COB_PRE_LOAD=fusho, found in
      *> COB_LIBRARY_PATH.  Texts are UTF-8 and end with X"00"; a path
      *> or message in Shift_JIS has to be converted first.
       IDENTIFICATION DIVISION.
       PROGRAM-ID. FLAT.
       DATA DIVISION.
       WORKING-STORAGE SECTION.
      *> What the receipt computer keeps: names padded with spaces.
       01  JOB-RECORD.
           03  JOB-INPUT           PIC X(200).
           03  JOB-EVIDENCE        PIC X(200).
           03  JOB-OUTPUT          PIC X(200).
           03  JOB-OPTION          PIC X(60) OCCURS 2.
           03  JOB-STATUS          PIC 9(02).
           03  JOB-MESSAGE         PIC X(300).
      *> What goes to the plugin: the same texts ended by X"00".
       01  Z-INPUT                 PIC X(201).
       01  Z-EVIDENCE              PIC X(201).
       01  Z-OUTPUT                PIC X(201).
       01  Z-OPTIONS               PIC X(128).
       01  Z-MESSAGE               PIC X(300).
       01  Z-MESSAGE-SIZE          PIC S9(9) COMP-5 VALUE 300.
       01  Z-STATUS                PIC S9(9) COMP-5.
       01  N                       PIC S9(9) COMP-5.
       PROCEDURE DIVISION.
       MAIN-PROGRAM.
           DISPLAY 1 UPON ARGUMENT-NUMBER
           ACCEPT JOB-INPUT FROM ARGUMENT-VALUE
           DISPLAY 2 UPON ARGUMENT-NUMBER
           ACCEPT JOB-EVIDENCE FROM ARGUMENT-VALUE
           DISPLAY 3 UPON ARGUMENT-NUMBER
           ACCEPT JOB-OUTPUT FROM ARGUMENT-VALUE
           MOVE "--today=2026-11-09" TO JOB-OPTION(1)
           MOVE "--insurer-number=77777777" TO JOB-OPTION(2)
           PERFORM HAND-OVER
           CALL "fusho_check_file" USING
               BY REFERENCE Z-INPUT Z-EVIDENCE Z-OPTIONS Z-MESSAGE
               BY VALUE     Z-MESSAGE-SIZE
               RETURNING    Z-STATUS
           END-CALL
           PERFORM TAKE-BACK
           DISPLAY "check " JOB-STATUS " " FUNCTION TRIM(JOB-MESSAGE)
           IF JOB-STATUS < 2
               CALL "fusho_apply_file" USING
                   BY REFERENCE Z-INPUT Z-OUTPUT Z-EVIDENCE
                                Z-OPTIONS Z-MESSAGE
                   BY VALUE     Z-MESSAGE-SIZE
                   RETURNING    Z-STATUS
               END-CALL
               PERFORM TAKE-BACK
               DISPLAY "apply " JOB-STATUS " "
                       FUNCTION TRIM(JOB-MESSAGE)
           END-IF
           MOVE JOB-STATUS TO RETURN-CODE
           STOP RUN.

      *> Trailing spaces go, X"00" comes; options stand on a line each.
       HAND-OVER.
           STRING FUNCTION TRIM(JOB-INPUT) X"00"
               DELIMITED BY SIZE INTO Z-INPUT
           STRING FUNCTION TRIM(JOB-EVIDENCE) X"00"
               DELIMITED BY SIZE INTO Z-EVIDENCE
           STRING FUNCTION TRIM(JOB-OUTPUT) X"00"
               DELIMITED BY SIZE INTO Z-OUTPUT
           STRING FUNCTION TRIM(JOB-OPTION(1)) X"0A"
                  FUNCTION TRIM(JOB-OPTION(2)) X"00"
               DELIMITED BY SIZE INTO Z-OPTIONS.

      *> The message ends with X"00"; behind it may stand anything.
       TAKE-BACK.
           MOVE Z-STATUS TO JOB-STATUS
           MOVE SPACE TO JOB-MESSAGE
           MOVE 0 TO N
           INSPECT Z-MESSAGE TALLYING N
               FOR CHARACTERS BEFORE INITIAL X"00"
           IF N > 0
               MOVE Z-MESSAGE(1:N) TO JOB-MESSAGE
           END-IF.
